/** Where spans are after the text around them has changed. */

import type { Position, Range } from "./contract.ts";
import { compare, linesOf, type Change } from "./text.ts";

/**
 * The ranges after the changes, or undefined where one of them was touched. The changes all
 * refer to the text before any of them, as editors report them.
 */
export function follow(ranges: readonly Range[], changes: readonly Change[]): Range[] | undefined {
  // From the end of the text to its start, so that no change moves another.
  const ordered = [...changes].sort((one, other) => compare(other.range.start, one.range.start));
  let moved: Range[] = [...ranges];
  for (const change of ordered) {
    if (moved.some((range) => touches(change.range, range))) {
      return undefined;
    }
    moved = moved.map((range) => shifted(range, change));
  }
  return moved;
}

function touches(change: Range, range: Range): boolean {
  return compare(change.start, range.end) <= 0 && compare(range.start, change.end) <= 0;
}

function shifted(range: Range, change: Change): Range {
  if (compare(range.end, change.range.start) < 0) {
    return range;
  }
  return { start: behind(range.start, change), end: behind(range.end, change) };
}

function behind(position: Position, change: Change): Position {
  const lines = linesOf(change.text);
  const { start, end } = change.range;
  const line = position.line - (end.line - start.line) + lines.length - 1;
  if (position.line !== end.line) {
    return { line, character: position.character };
  }
  const last = lines[lines.length - 1] ?? "";
  const from = lines.length === 1 ? start.character : 0;
  return { line, character: from + last.length + position.character - end.character };
}
