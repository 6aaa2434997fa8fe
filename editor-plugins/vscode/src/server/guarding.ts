/** The guard of `logic/guard.ts` over the documents that are open here. */

import * as vscode from "vscode";

import type { Range } from "../logic/contract.ts";
import { refusal, type DocumentEdit, type Refusal, type Snapshot } from "../logic/guard.ts";

/** A document as it is now. */
export function snapshot(document: vscode.TextDocument): Snapshot {
  return { uri: document.uri.toString(), version: document.version, text: document.getText() };
}

/** The open document of a uri, however the server spelled it. */
export function openDocument(uri: string): vscode.TextDocument | undefined {
  const wanted = vscode.Uri.parse(uri).toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === wanted);
}

/** The documents of these uris as they are now; those that are not open are left out. */
export function snapshots(uris: Iterable<string>): Map<string, Snapshot> {
  const found = [...uris].map((uri) => [uri, openDocument(uri)] as const);
  return new Map(found.flatMap(([uri, document]) => (document ? [[uri, snapshot(document)]] : [])));
}

/** Why this edit must not be applied now, or undefined where it may. */
export function refusedNow(
  edit: readonly DocumentEdit[],
  asked: ReadonlyMap<string, Snapshot>,
): Refusal | undefined {
  const now = snapshots(edit.map(({ uri }) => uri));
  return refusal(
    edit,
    (uri) => asked.get(uri),
    (uri) => now.get(uri),
  );
}

/** A refusal in the user's words. */
export function inWords(refused: Refusal): string {
  const name = vscode.workspace.asRelativePath(vscode.Uri.parse(refused.uri));
  switch (refused.why) {
    case "unversioned":
      return vscode.l10n.t("the edit of {0} names no version", name);
    case "unknown":
      return vscode.l10n.t("{0} was not asked for, or has been closed", name);
    case "version":
      return vscode.l10n.t(
        "{0} is at version {1}, and the edit was made for {2}",
        name,
        refused.now,
        refused.made,
      );
    case "text":
      return vscode.l10n.t("line {1} of {0} has changed", name, refused.range.start.line + 1);
  }
}

/** A range of the protocol as one of the editor. */
export function toVscode({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** A range of the editor as one of the protocol. */
export function toProtocol({ start, end }: vscode.Range): Range {
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}

/** Edits of the protocol as one edit of the editor, which is one step to undo. */
export function toVscodeEdit(parts: readonly DocumentEdit[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { uri, edits } of parts) {
    for (const { range, text } of edits) {
      edit.replace(vscode.Uri.parse(uri), toVscode(range), text);
    }
  }
  return edit;
}
