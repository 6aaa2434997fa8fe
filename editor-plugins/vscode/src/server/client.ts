/** The language client. It is most of what is in the bundle, and loaded only when a server starts. */

import type * as vscode from "vscode";
import { LanguageClient, State } from "vscode-languageclient/node";

import type { Place } from "../logic/discovery.ts";
import { clientOptions } from "./client-options.ts";
import { SURROUNDINGS } from "./process.ts";
import { Restarting, type Listener } from "./restarting.ts";

/** Who is told how the server goes. */
export interface Watcher extends Listener {
  /** The server is being started, for the first time or again. */
  starting(): void;
  /** The server has answered `initialize`. */
  running(): void;
}

/** A client of the server in a place, not started yet, and what starts that server again. */
export function newClient(
  place: Place,
  log: vscode.LogOutputChannel,
  watcher: Watcher,
): { readonly client: LanguageClient; readonly restarting: Restarting } {
  const restarting = new Restarting(log, watcher);
  const server = { command: place.command, args: [...place.args, "lsp"], options: SURROUNDINGS };
  const options = clientOptions(log, restarting);
  const client = new LanguageClient("instantEdit", "Instant Edit", server, options);
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Running) {
      watcher.running();
    } else if (newState === State.Starting) {
      watcher.starting();
    }
  });
  return { client, restarting };
}
