/** Draws drafts and proposals over a document whose text stays as it is. */

import * as vscode from "vscode";

import { cells, leftOver, type Cell } from "../logic/cells.ts";
import type { Range } from "../logic/contract.ts";
import { MAX_RUNS, type Level, type Row, type Run } from "../logic/rows.ts";
import { toVscode } from "../server/guarding.ts";

/** Rows in place of a range. */
export interface Picture {
  readonly range: Range;
  readonly rows: readonly Row[];
}

/** `textDecoration` is the one attribute that takes further CSS. */
const HIDDEN = "none; display: none;";
const GONE = { textDecoration: "line-through", opacity: "0.4" };
const STYLES: Record<Level, vscode.ThemableDecorationAttachmentRenderOptions> = {
  open: { color: new vscode.ThemeColor("instantEdit.openForeground") },
  doubtful: {
    color: new vscode.ThemeColor("instantEdit.doubtfulForeground"),
    fontStyle: "italic",
  },
  sure: { color: new vscode.ThemeColor("instantEdit.sureForeground") },
  new: {
    color: new vscode.ThemeColor("instantEdit.sureForeground"),
    backgroundColor: new vscode.ThemeColor("instantEdit.newBackground"),
  },
};

/** Owns the decorations. */
export class Painter implements vscode.Disposable {
  readonly #hidden = vscode.window.createTextEditorDecorationType({ textDecoration: HIDDEN });
  readonly #gone = vscode.window.createTextEditorDecorationType(GONE);
  readonly #slots = orderedTypes(MAX_RUNS);
  #painted: vscode.TextDocument | undefined;

  /** Show these pictures in every editor of the document, and no others. */
  paint(document: vscode.TextDocument, pictures: readonly Picture[]): void {
    if (this.#painted !== document) {
      this.clear();
    }
    this.#painted = document;
    const gone = pictures.flatMap(({ range, rows }) => leftOver(range, rows) ?? []).map(toVscode);
    const hidden = pictures.map(({ range, rows }) => {
      return toVscode({ start: range.start, end: leftOver(range, rows)?.start ?? range.end });
    });
    const drawn = pictures.flatMap(({ range, rows }) => cells(range, rows));
    const bySlot = this.#slots.map((_, slot) => drawn.flatMap((cell) => inSlot(cell, slot)));
    for (const editor of editorsOf(document)) {
      editor.setDecorations(this.#hidden, hidden);
      editor.setDecorations(this.#gone, gone);
      this.#slots.forEach((type, slot) => editor.setDecorations(type, bySlot[slot] ?? []));
    }
  }

  /** Show the text as it is. */
  clear(): void {
    for (const editor of this.#painted === undefined ? [] : editorsOf(this.#painted)) {
      for (const type of [this.#hidden, this.#gone, ...this.#slots]) {
        editor.setDecorations(type, []);
      }
    }
    this.#painted = undefined;
  }

  /** See `vscode.Disposable`. */
  dispose(): void {
    for (const type of [this.#hidden, this.#gone, ...this.#slots]) {
      type.dispose();
    }
  }
}

/**
 * Types for the runs of a row. Attachments at the same place are drawn in the order of their CSS
 * classes, which begin with the key of their type: so the keys decide which run comes first.
 */
function orderedTypes(count: number): vscode.TextEditorDecorationType[] {
  const types = Array.from({ length: count }, () =>
    vscode.window.createTextEditorDecorationType({
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    }),
  );
  const name = (type: vscode.TextEditorDecorationType): string => `${type.key}-`;
  return types.sort((one, other) => (name(one) < name(other) ? -1 : 1));
}

function inSlot({ at, row, below }: Cell, slot: number): vscode.DecorationOptions[] {
  const run = row[slot];
  if (run === undefined) {
    return [];
  }
  const before = below === 0 ? attached(run) : hanging(run, below, columnsBefore(row, slot));
  return [{ range: toVscode({ start: at, end: at }), renderOptions: { before } }];
}

function attached(run: Run): vscode.ThemableDecorationAttachmentRenderOptions {
  return { ...STYLES[run.level], contentText: run.text };
}

/** A run of a row for which there is no line: it floats under the last one and covers what is there. */
function hanging(
  run: Run,
  below: number,
  columns: number,
): vscode.ThemableDecorationAttachmentRenderOptions {
  const { backgroundColor: _, ...look } = attached(run);
  const paper = "var(--vscode-editor-background)";
  const tint = "var(--vscode-instantEdit-newBackground)";
  const css = [
    "none; position: absolute; z-index: 5; white-space: pre",
    `left: ${columns}ch; top: calc(100% * ${below}); min-width: 120ch`,
    `background: ${run.level === "new" ? `linear-gradient(${tint}, ${tint}), ${paper}` : paper}`,
  ];
  return { ...look, textDecoration: `${css.join("; ")};` };
}

function columnsBefore(row: Row, slot: number): number {
  return row.slice(0, slot).reduce((columns, run) => columns + run.text.length, 0);
}

function editorsOf(document: vscode.TextDocument): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
}
