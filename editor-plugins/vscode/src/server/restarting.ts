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

/** Restarts with back-off; tells `gaveUp` when it does not any more. */
export class Restarting implements ErrorHandler {
  readonly #backoff = new Backoff();
  readonly #log: vscode.LogOutputChannel;
  readonly #gaveUp: (reason: string) => void;
  #stopped = false;

  constructor(log: vscode.LogOutputChannel, gaveUp: (reason: string) => void) {
    this.#log = log;
    this.#gaveUp = gaveUp;
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
      this.#gaveUp(vscode.l10n.t("the server died {0} times in a row", FORGIVEN + 1));
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    this.#log.warn(`the server died; starting it again in ${delay} ms`);
    await new Promise((wake) => setTimeout(wake, delay));
    const action = this.#stopped ? CloseAction.DoNotRestart : CloseAction.Restart;
    return { action, handled: true };
  }
}
