/** Where rows are drawn over the range that they replace. */

import type { Position, Range } from "./contract.ts";
import type { Row } from "./rows.ts";

/** A row and the place it hangs on; `below` counts lines under that place, for rows too many. */
export interface Cell {
  readonly at: Position;
  readonly row: Row;
  readonly below: number;
}

/** One row on each old line; where there are more rows than lines, the rest hangs under the last. */
export function cells(range: Range, rows: readonly Row[]): Cell[] {
  return rows.map((row, index) => {
    const line = Math.min(range.start.line + index, range.end.line);
    const character = index === 0 ? range.start.character : 0;
    const below = range.start.line + index - line;
    return { at: below > 0 ? range.end : { line, character }, row, below };
  });
}

/** What is left of a range below its rows: old lines that have nothing to take their place. */
export function leftOver(range: Range, rows: readonly Row[]): Range | undefined {
  const line = range.start.line + rows.length;
  return line > range.end.line ? undefined : { start: { line, character: 0 }, end: range.end };
}
