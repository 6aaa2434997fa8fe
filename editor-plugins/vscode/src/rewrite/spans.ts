/** From cursors to the spans that are asked for. */

import * as vscode from "vscode";

import type { Mode, Range } from "../logic/contract.ts";
import { compare } from "../logic/text.ts";
import { toProtocol } from "../server/guarding.ts";

/**
 * One span for each cursor, in the order of the text. A cursor without a selection fills where it
 * stands and rewrites its line.
 */
export function spansOf(editor: vscode.TextEditor, mode: Mode): Range[] {
  const spans = editor.selections.map((selection) => {
    const rewritesLine = selection.isEmpty && mode === "rewrite";
    return toProtocol(rewritesLine ? lineAt(editor.document, selection.active.line) : selection);
  });
  spans.sort((one, other) => compare(one.start, other.start));
  const apart = (span: Range, index: number): boolean => {
    const before = spans[index - 1];
    return before === undefined || compare(before.end, span.start) <= 0;
  };
  return spans.filter(apart); // two cursors on one line rewrite it once
}

function lineAt(document: vscode.TextDocument, line: number): vscode.Range {
  const { range, firstNonWhitespaceCharacterIndex } = document.lineAt(line);
  return new vscode.Range(line, firstNonWhitespaceCharacterIndex, line, range.end.character);
}
