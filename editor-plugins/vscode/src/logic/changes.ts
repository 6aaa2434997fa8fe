/** An edit as the lines it takes away and the lines it puts there, to be read. */

import type { Range } from "./contract.ts";
import { applied, linesOf, slice, type Change } from "./text.ts";

/** Lines that change together; `line` counts from 0. */
export interface Hunk {
  readonly line: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The hunks of an edit, in the order of the text. */
export function hunks(text: string, edits: readonly Change[]): Hunk[] {
  const ordered = [...edits].sort((one, other) => one.range.start.line - other.range.start.line);
  const groups: Change[][] = [];
  for (const edit of ordered) {
    const group = groups[groups.length - 1];
    if (group !== undefined && edit.range.start.line <= lastLine(group)) {
      group.push(edit);
    } else {
      groups.push([edit]);
    }
  }
  return groups.map((group) => hunk(text, group));
}

/** The same edit, widened so that it cuts through no word: easier to read. */
export function wholeWords(text: string, edit: Change): Change {
  const lines = linesOf(text);
  const { start, end } = edit.range;
  const before = /[\p{L}\p{N}_]*$/u.exec((lines[start.line] ?? "").slice(0, start.character))?.[0] ?? "";
  const after = /^[\p{L}\p{N}_]*/u.exec((lines[end.line] ?? "").slice(end.character))?.[0] ?? "";
  return {
    range: {
      start: { line: start.line, character: start.character - before.length },
      end: { line: end.line, character: end.character + after.length },
    },
    text: before + edit.text + after,
  };
}

/** The same edit, widened to the end of its last line where the lines behind it move. */
export function wholeLastLine(text: string, edit: Change): Change {
  const { start, end } = edit.range;
  const line = linesOf(text)[end.line] ?? "";
  if (linesOf(edit.text).length === end.line - start.line + 1) {
    return edit;
  }
  const range = { start, end: { line: end.line, character: line.length } };
  return { range, text: edit.text + line.slice(end.character) };
}

/** The hunks as the lines of a diff. */
export function asDiff(found: readonly Hunk[]): string {
  const lines = found.flatMap(({ before, after }) => [
    ...before.map((line) => `- ${line}`),
    ...after.map((line) => `+ ${line}`),
  ]);
  return lines.join("\n");
}

function hunk(text: string, group: readonly Change[]): Hunk {
  const line = group[0]?.range.start.line ?? 0;
  const lines = linesOf(slice(text, wholeLines(line, lastLine(group))));
  const before = lines.slice(0, lastLine(group) - line + 1);
  const inside = group.map(({ range, text: piece }) => ({ range: up(range, line), text: piece }));
  return { line, before, after: linesOf(applied(before.join("\n"), inside)) };
}

function lastLine(group: readonly Change[]): number {
  return Math.max(...group.map((edit) => edit.range.end.line));
}

function wholeLines(first: number, last: number): Range {
  return { start: { line: first, character: 0 }, end: { line: last + 1, character: 0 } };
}

function up(range: Range, by: number): Range {
  const { start, end } = range;
  return { start: { ...start, line: start.line - by }, end: { ...end, line: end.line - by } };
}
