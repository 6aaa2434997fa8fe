/** What the language client does when the server process dies: start it again, ever later. */

import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  type CloseHandlerResult,
  type ErrorHandler,
  type ErrorHandlerResult,
} from "vscode-languageclient/node";

import { Backoff, FORGIVEN } from "../logic/backoff.ts";

/** Who wants to know how it goes. */
export interface Listener {
  /** The server died and is going to be started again. */
  died(): void;
  /** The server died too often; it is not started again. */
  gaveUp(reason: string): void;
}

/** Restarts with back-off. */
export class Restarting implements ErrorHandler {
  readonly #backoff = new Backoff();
  readonly #log: vscode.LogOutputChannel;
  readonly #listener: Listener;
  #stopped = false;

  constructor(log: vscode.LogOutputChannel, listener: Listener) {
    this.#log = log;
    this.#listener = listener;
  }

  /** Restart no more: the client is being thrown away. */
  stop(): void {
    this.#stopped = true;
  }

  /** See `ErrorHandler`. */
  error(error: Error): ErrorHandlerResult {
    this.#log.error(`the connection to the server: ${error.message}`);
    return { action: ErrorAction.Continue, handled: true };
  }

  /** See `ErrorHandler`; the client waits for the answer. */
  async closed(): Promise<CloseHandlerResult> {
    const delay = this.#backoff.crashed(Date.now());
    if (delay === undefined) {
      this.#listener.gaveUp(vscode.l10n.t("the server died {0} times in a row", FORGIVEN + 1));
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    this.#listener.died();
    this.#log.warn(`the server died; starting it again in ${delay} ms`);
    await new Promise((wake) => setTimeout(wake, delay));
    const action = this.#stopped ? CloseAction.DoNotRestart : CloseAction.Restart;
    return { action, handled: true };
  }
}
