/** The commands, by their names in `package.json`. */

import * as vscode from "vscode";

import { doctor } from "./doctor.ts";
import type { Wish } from "./logic/choices.ts";
import { REWRITE } from "./logic/contract.ts";
import { Prompt } from "./rewrite/prompt.ts";
import type { Rewriter } from "./rewrite/rewriter.ts";
import { spansOf } from "./rewrite/spans.ts";
import type { Connection } from "./server/connection.ts";
import { editable } from "./server/documents.ts";
import { openDocument } from "./server/guarding.ts";
import { offerInstall } from "./server/install.ts";
import { PROPOSE, type ActionData } from "./server/middleware.ts";
import { settings } from "./settings.ts";

const FILL: Wish = { mode: "fill" };

/** What the commands work upon. */
export interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly connection: Connection;
  readonly rewriter: Rewriter;
  readonly log: vscode.LogOutputChannel;
}

/** Registers the commands. */
export function commands(parts: Parts): vscode.Disposable {
  const { context, connection, rewriter, log } = parts;
  const prompt = new Prompt(context.globalState);
  let last: Wish | undefined;

  const table: Record<string, (...args: never[]) => unknown> = {
    [REWRITE]: rewrite,
    [PROPOSE]: propose,
    "instantEdit.fill": () => begin(FILL),
    "instantEdit.repeat": () => (last === undefined ? rewrite() : begin(last)),
    "instantEdit.accept": () => rewriter.accept(),
    "instantEdit.reject": () => rewriter.cancel(),
    "instantEdit.cancel": () => rewriter.cancel(),
    "instantEdit.retry": () => rewriter.retry(),
    "instantEdit.next": () => rewriter.next(),
    "instantEdit.previous": () => rewriter.previous(),
    "instantEdit.doctor": () => doctor(connection, context),
    "instantEdit.install": () => install(parts),
    "instantEdit.restart": () => connection.restart(),
    "instantEdit.showLog": () => log.show(),
    "instantEdit.menu": () => menu(),
    "instantEdit.forgetHistory": () => prompt.forget(),
  };
  const registered = Object.entries(table).map(([name, run]) => {
    return vscode.commands.registerCommand(name, run as (...args: unknown[]) => unknown);
  });
  return vscode.Disposable.from(...registered);

  /** Without arguments asks what to do; a key may be bound with `{instruction, mode}`. */
  async function rewrite(given?: Partial<Wish>): Promise<void> {
    const editor = usableEditor();
    if (editor === undefined || !(await usableServer(parts))) {
      return;
    }
    const spans = spansOf(editor, "rewrite").length;
    const typed = given?.instruction?.trim();
    const wish: Wish | undefined = typed
      ? { mode: given?.mode ?? "rewrite", instruction: typed }
      : await prompt.ask(connection.kinds, spans);
    if (wish !== undefined) {
      await begin(wish, editor);
    }
  }

  async function begin(wish: Wish, editor = usableEditor()): Promise<void> {
    if (editor !== undefined && (await usableServer(parts))) {
      last = wish;
      await rewriter.begin(editor.document, spansOf(editor, wish.mode), wish);
    }
  }

  /** What a code action asks for. */
  async function propose(data: ActionData): Promise<void> {
    const { range, textDocument, instruction, mode } = data;
    const document = openDocument(textDocument.uri);
    if (document === undefined || document.version !== textDocument.version) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t("Instant Edit: the text has changed since the action was offered; ask again."),
      );
      return;
    }
    last = { mode: mode ?? (instruction ? "rewrite" : "fill"), ...(instruction && { instruction }) };
    await rewriter.begin(document, [range], last);
  }
}

function usableEditor(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor !== undefined && editable(editor.document)) {
    return editor;
  }
  const language = editor?.document.languageId ?? "";
  void vscode.window.showInformationMessage(
    editor === undefined
      ? vscode.l10n.t("Instant Edit: open a file and select some code.")
      : vscode.l10n.t("Instant Edit: there is no grammar for “{0}”.", language),
  );
  return undefined;
}

/** Whether a server runs or starts; where none is found, one can be installed. */
async function usableServer(parts: Parts): Promise<boolean> {
  const { connection } = parts;
  if (connection.condition.is === "missing") {
    await install(parts);
  } else if (connection.condition.is === "failed" || connection.condition.is === "stopped") {
    await connection.restart();
  }
  return connection.condition.is !== "missing";
}

async function install({ connection, context, log }: Parts): Promise<void> {
  try {
    if (await offerInstall(settings(), context.globalStorageUri, connection.python, log)) {
      await connection.restart();
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    log.error(message);
    void vscode.window.showErrorMessage(
      vscode.l10n.t("Instant Edit: the server could not be installed: {0}", message),
    );
  }
}

async function menu(): Promise<void> {
  const entries = [
    { label: `$(pulse) ${vscode.l10n.t("Doctor")}`, command: "instantEdit.doctor" },
    { label: `$(output) ${vscode.l10n.t("Show Log")}`, command: "instantEdit.showLog" },
    { label: `$(debug-restart) ${vscode.l10n.t("Restart Server")}`, command: "instantEdit.restart" },
    { label: `$(cloud-download) ${vscode.l10n.t("Install Server")}`, command: "instantEdit.install" },
  ];
  const chosen = await vscode.window.showQuickPick(entries, { title: "Instant Edit" });
  if (chosen !== undefined) {
    await vscode.commands.executeCommand(chosen.command);
  }
}
