/** What a session looks like over its document: a draft, or the proposal that is shown. */

import * as vscode from "vscode";

import { wholeLastLine, wholeWords } from "../logic/changes.ts";
import { draftRows, newRows } from "../logic/rows.ts";
import { settings } from "../settings.ts";
import type { Picture } from "./painter.ts";
import type { Session } from "./session.ts";

/** The newest draft; none where there is none yet. */
export function drafted({ document, draft }: Session): Picture[] {
  const { doubtfulBelow } = settings();
  const asked = document.getText();
  const tab = tabSize(document);
  return (draft?.drafts ?? []).map(({ range, text, pieces }) => {
    const whole = wholeLastLine(asked, { range, text });
    const rest = { text: whole.text.slice(text.length), confidence: 1 };
    return { range: whole.range, rows: draftRows([...pieces, rest], doubtfulBelow, tab) };
  });
}

/** The proposal, by whole words, and by whole lines where lines move. */
export function proposed({ document, asked, candidates }: Session): Picture[] {
  const tab = tabSize(document);
  const edits = candidates.shown?.answer.parts.flatMap((part) => part.edits) ?? [];
  return edits.map((edit) => {
    const { range, text } = wholeLastLine(asked.text, wholeWords(asked.text, edit));
    return { range, rows: newRows(text, tab) };
  });
}

function tabSize(document: vscode.TextDocument): number {
  const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
  return Number(editor?.options.tabSize ?? 4);
}
