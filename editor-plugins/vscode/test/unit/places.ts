/** Ranges and edits for tests, written as they are read: by the text that they hold. */

import assert from "node:assert/strict";

import type { Position, Range } from "../../src/logic/contract.ts";
import type { Change } from "../../src/logic/text.ts";

/** The position of an offset. */
export function at(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length - 1, character: lines[lines.length - 1]?.length ?? 0 };
}

/** The range from one offset to another. */
export function between(text: string, start: number, end: number): Range {
  return { start: at(text, start), end: at(text, end) };
}

/** The range of the only occurrence of a piece. */
export function span(text: string, piece: string): Range {
  const start = text.indexOf(piece);
  assert.ok(start >= 0 && text.indexOf(piece, start + 1) < 0, `not exactly once: ${piece}`);
  return between(text, start, start + piece.length);
}

/** The change of the only occurrence of a piece. */
export function change(text: string, piece: string, by: string): Change {
  return { range: span(text, piece), text: by };
}

/** Numbers from 0 to `below`, the same ones each time for the same seed. */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
