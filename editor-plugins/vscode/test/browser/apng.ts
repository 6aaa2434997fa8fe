/** Joins PNG pictures of one size to one that moves (APNG), which browsers show as they show PNG. */

import { crc32 } from "node:zlib";

import { changed, packed, pixels, type Pixels } from "./pixels.ts";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A picture and how long it is shown, in milliseconds. */
export interface Frame {
  readonly png: Buffer;
  readonly milliseconds: number;
}

/** The moving picture; it plays for ever. Each frame holds only the rows that it changes. */
export function animated(frames: readonly Frame[]): Buffer {
  const [first] = frames;
  if (first === undefined) {
    throw new Error("a moving picture needs a frame");
  }
  const header = headerOf(first.png);
  let sequence = 0;
  let before: Pixels | undefined;
  const parts = frames.flatMap(({ png, milliseconds }) => {
    const shown = pixels(headerOf(png), dataOf(png));
    const { top, rows } = before === undefined ? { top: 0, rows: shown.rows } : changed(before, shown);
    const control = frameControl(sequence++, header, top, rows.length, milliseconds);
    const data = packed(rows);
    const picture = before === undefined ? chunk("IDAT", data) : chunk("fdAT", numbered(sequence++, data));
    before = shown;
    return [chunk("fcTL", control), picture];
  });
  const count = Buffer.alloc(8);
  count.writeUInt32BE(frames.length, 0);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("acTL", count),
    ...parts,
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function frameControl(
  sequence: number,
  header: Buffer,
  top: number,
  height: number,
  milliseconds: number,
): Buffer {
  const control = Buffer.alloc(26);
  control.writeUInt32BE(sequence, 0);
  header.copy(control, 4, 0, 4); // the width
  control.writeUInt32BE(height, 8);
  control.writeUInt32BE(top, 16);
  control.writeUInt16BE(milliseconds, 20);
  control.writeUInt16BE(1000, 22);
  return control;
}

function numbered(sequence: number, piece: Buffer): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(sequence, 0);
  return Buffer.concat([number, piece]);
}

function headerOf(png: Buffer): Buffer {
  return chunks(png).find(({ type }) => type === "IHDR")?.data ?? Buffer.alloc(0);
}

function dataOf(png: Buffer): Buffer {
  return Buffer.concat(chunks(png).flatMap(({ type, data }) => (type === "IDAT" ? [data] : [])));
}

function chunks(png: Buffer): { type: string; data: Buffer }[] {
  const found = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    found.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return found;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
