/** Entry point: puts the parts together and starts the server without waiting for it. */

import * as vscode from "vscode";

import { commands } from "./commands.ts";
import { Painter } from "./rewrite/painter.ts";
import { readable } from "./rewrite/reading.ts";
import { Rewriter } from "./rewrite/rewriter.ts";
import { Connection } from "./server/connection.ts";
import { NEEDS_RESTART, SECTION, settings } from "./settings.ts";
import { statusBar } from "./status.ts";

let connection: Connection | undefined;

/** Called by VS Code once, when a document of our languages is opened or a command runs. */
export function activate(context: vscode.ExtensionContext): void {
  const began = performance.now();
  const log = vscode.window.createOutputChannel("Instant Edit", { log: true });
  const server = new Connection(context.globalStorageUri, log);
  const painter = new Painter();
  const rewriter = new Rewriter(server, painter, log);
  connection = server;
  context.subscriptions.push(
    log,
    painter,
    rewriter,
    commands({ context, connection: server, rewriter, log }),
    readable(rewriter),
    statusBar(server, rewriter),
    keysFor(rewriter),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (NEEDS_RESTART.some((key) => event.affectsConfiguration(`${SECTION}.${key}`))) {
        void server.restart();
      }
    }),
    server.python.onDidSelect(() => {
      if (settings().serverPath === "") {
        void server.restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      if (server.condition.is === "missing") {
        void server.restart();
      }
    }),
  );
  void server.restart();
  log.debug(`activated in ${(performance.now() - began).toFixed(1)} ms`);
}

/** Called by VS Code at the end; the server gets its time to leave. */
export function deactivate(): Promise<void> | undefined {
  return connection?.stop();
}

/** Tells `when` clauses whether the active editor shows a rewrite, and in which phase. */
function keysFor(rewriter: Rewriter): vscode.Disposable {
  const update = (): void => {
    const { session } = rewriter;
    const here = session?.document === vscode.window.activeTextEditor?.document;
    const denoising = here && session?.denoising === true;
    const proposed = here && !denoising && (session?.candidates.count ?? 0) > 0;
    void vscode.commands.executeCommand("setContext", "instantEdit.denoising", denoising);
    void vscode.commands.executeCommand("setContext", "instantEdit.proposed", proposed);
  };
  return vscode.Disposable.from(
    rewriter.onDidChange(update),
    vscode.window.onDidChangeActiveTextEditor(update),
  );
}
