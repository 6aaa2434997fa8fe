/** Texts by line and UTF-16 unit, with the line ends of the Language Server Protocol. */

import type { Position, Range } from "./contract.ts";

/** A change as an editor reports it: this range of the old text became `text`. */
export interface Change {
  readonly range: Range;
  readonly text: string;
}

/** The lines of a text, without their ends. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

/** The part of a text in a range; what lies beyond the text's end is nothing. */
export function slice(text: string, range: Range): string {
  const starts = lineStarts(text);
  return text.slice(offsetAt(text, starts, range.start), offsetAt(text, starts, range.end));
}

/** The text after some edits, none of which overlap. */
export function applied(text: string, edits: readonly Change[]): string {
  const starts = lineStarts(text);
  const placed = edits.map((edit) => ({
    start: offsetAt(text, starts, edit.range.start),
    end: offsetAt(text, starts, edit.range.end),
    text: edit.text,
  }));
  placed.sort((one, other) => other.start - one.start || other.end - one.end);
  return placed.reduce((whole, { start, end, text: piece }) => {
    return whole.slice(0, start) + piece + whole.slice(end);
  }, text);
}

/** Negative, 0 or positive, as `one` lies before, at or behind `other`. */
export function compare(one: Position, other: Position): number {
  return one.line - other.line || one.character - other.character;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const end of text.matchAll(/\r\n|\r|\n/g)) {
    starts.push(end.index + end[0].length);
  }
  return starts;
}

function offsetAt(text: string, starts: readonly number[], position: Position): number {
  const start = starts[position.line];
  if (start === undefined) {
    return text.length;
  }
  const next = starts[position.line + 1] ?? text.length;
  return Math.min(start + position.character, next);
}
