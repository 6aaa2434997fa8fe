/** The rows of pixels in a PNG picture, as a browser makes it: eight bits, no palette, no interlacing. */

import { deflateSync, inflateSync } from "node:zlib";

/** Rows, and the bytes that each pixel takes. */
export interface Pixels {
  readonly rows: readonly Buffer[];
  readonly depth: number;
}

const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/** Read the rows out of a picture's header and its compressed data. */
export function pixels(header: Buffer, data: Buffer): Pixels {
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const depth = CHANNELS[header.readUInt8(9)];
  if (depth === undefined || header.readUInt8(8) !== 8 || header.readUInt8(12) !== 0) {
    throw new Error("only pictures of eight bits, without palette and interlacing, can be joined");
  }
  const raw = inflateSync(data);
  const length = width * depth;
  const rows: Buffer[] = [];
  for (let index = 0; index < height; index++) {
    const at = index * (length + 1);
    const above = rows[index - 1] ?? Buffer.alloc(length);
    rows.push(unfiltered(raw.readUInt8(at), raw.subarray(at + 1, at + 1 + length), above, depth));
  }
  return { rows, depth };
}

/** Compress rows, each as it is: of a screen's flat colours, that is the smallest. */
export function packed(rows: readonly Buffer[]): Buffer {
  return deflateSync(Buffer.concat(rows.flatMap((row) => [Buffer.alloc(1), row])), { level: 9 });
}

/** The rows from the first to the last that differ, and where they begin; one row where none does. */
export function changed(before: Pixels, after: Pixels): { top: number; rows: readonly Buffer[] } {
  const differs = (row: Buffer, index: number): boolean => !row.equals(before.rows[index] ?? row);
  const first = after.rows.findIndex(differs);
  const last = after.rows.findLastIndex(differs);
  const top = Math.max(first, 0);
  return { top, rows: after.rows.slice(top, Math.max(last, top) + 1) };
}

function unfiltered(filter: number, row: Buffer, above: Buffer, depth: number): Buffer {
  const plain = Buffer.alloc(row.length);
  for (let at = 0; at < row.length; at++) {
    const left = plain[at - depth] ?? 0;
    const corner = at < depth ? 0 : (above[at - depth] ?? 0);
    plain[at] = (row[at] ?? 0) + guess(filter, left, above[at] ?? 0, corner);
  }
  return plain;
}

/** What each of PNG's five filters has taken away from a byte. */
function guess(filter: number, left: number, up: number, corner: number): number {
  const straight = [0, left, up, (left + up) >> 1][filter];
  if (straight !== undefined) {
    return straight;
  }
  const wanted = left + up - corner; // Paeth's filter: whichever neighbour is nearest
  const [toLeft, toUp] = [Math.abs(wanted - left), Math.abs(wanted - up)];
  const toCorner = Math.abs(wanted - corner);
  if (toLeft <= toUp && toLeft <= toCorner) {
    return left;
  }
  return toUp <= toCorner ? up : corner;
}
