import assert from "node:assert/strict";
import { test } from "node:test";

import { cells, leftOver } from "../../src/logic/cells.ts";
import { asDiff, hunks, wholeLastLine, wholeWords } from "../../src/logic/changes.ts";
import { OPEN_SLOT } from "../../src/logic/contract.ts";
import { Latest } from "../../src/logic/latest.ts";
import { draftRows, MAX_RUNS, newRows } from "../../src/logic/rows.ts";
import { change, span } from "./places.ts";

const sure = (text: string) => ({ text, confidence: 0.9 });
const doubtful = (text: string) => ({ text, confidence: 0.2 });
const open = { text: OPEN_SLOT, confidence: 0 };
const SLOTS = { text: OPEN_SLOT.repeat(2), confidence: 0 };

test("open slots, doubtful and sure tokens look different; neighbours alike are one run", () => {
  const [row] = draftRows([sure("ret"), sure("urn"), doubtful("x"), open, SLOTS], 0.5, 4);
  assert.deepEqual(row, [
    { text: "return", level: "sure" },
    { text: "x", level: "doubtful" },
    { text: "▒▒▒", level: "open" },
  ]);
});

test("a draft's lines are rows, and its blanks do not collapse", () => {
  const rows = draftRows([sure("if x:\n\tgo"), sure("\r\n"), sure("  end")], 0.5, 4);
  assert.deepEqual(
    rows.map((row) => row.map((run) => run.text).join("")),
    ["if\u00a0x:", "\u00a0\u00a0\u00a0\u00a0go", "\u00a0\u00a0end"],
  );
});

test("a row of too many runs is joined at its end, at the least sure level", () => {
  const pieces = Array.from({ length: 60 }, (_, index) => (index % 2 ? sure("s") : doubtful("d")));
  const [row = []] = draftRows(pieces, 0.5, 4);
  assert.equal(row.length, MAX_RUNS);
  assert.equal(row.map((run) => run.text).join(""), "ds".repeat(30));
  assert.equal(row[MAX_RUNS - 1]?.level, "doubtful");
});

test("rows stand on the old lines, and what is too many hangs below the last", () => {
  const range = { start: { line: 4, character: 8 }, end: { line: 5, character: 3 } };
  const drawn = cells(range, newRows("a\nb\nc\nd", 4));
  assert.deepEqual(
    drawn.map(({ at, below }) => [at.line, at.character, below]),
    [
      [4, 8, 0],
      [5, 0, 0],
      [5, 3, 1],
      [5, 3, 2],
    ],
  );
});

test("old lines for which there is no row are left over", () => {
  const range = { start: { line: 4, character: 8 }, end: { line: 6, character: 3 } };
  const left = { start: { line: 5, character: 0 }, end: range.end };
  assert.deepEqual(leftOver(range, newRows("a", 4)), left);
  assert.equal(leftOver(range, newRows("a\nb\nc", 4)), undefined);
});

test("an edit is shown by whole words, whatever part of them stays", () => {
  const text = "    result = 0\n    return größer\n";
  const inside = { range: span(text, "sult = 0\n    return gr"), text: "turn " };
  assert.deepEqual(wholeWords(text, inside), {
    range: span(text, "result = 0\n    return größer"),
    text: "return ößer",
  });
  assert.deepEqual(wholeWords(text, change(text, " = ", "=")).text, "result=0");
});

test("where lines move, what stands behind the edit moves along", () => {
  const text = "go(a, b)\nend\n";
  const one = change(text, "a, b", "c");
  assert.deepEqual(wholeLastLine(text, one), one);
  const range = { start: span(text, "a, b").start, end: span(text, "b)").end };
  assert.deepEqual(wholeLastLine(text, change(text, "a, b", "a,\n  b")), { range, text: "a,\n  b)" });
});

test("a proposal reads as the lines before and after", () => {
  const text = "a = 1\nb = 2\nc = 3\n";
  const edits = [change(text, "3", "4\nd = 5"), change(text, "1", "0")];
  assert.equal(asDiff(hunks(text, edits)), "- a = 1\n+ a = 0\n- c = 3\n+ c = 4\n+ d = 5");
});

test("edits on the same lines are one hunk, and line ends are kept out of it", () => {
  const text = "one\r\ntwo two\r\n";
  const edits = [
    { range: span(text, "one\r\nt"), text: "O" },
    { range: { start: { line: 1, character: 4 }, end: { line: 1, character: 7 } }, text: "T" },
  ];
  assert.deepEqual(hunks(text, edits), [
    { line: 0, before: ["one", "two two"], after: ["Owo T"] },
  ]);
});

test("pictures come at most once an interval, and the newest is never lost", () => {
  const drawn: number[] = [];
  const waiting: (() => void)[] = [];
  const latest = new Latest<number>(
    (value) => drawn.push(value),
    60,
    (run) => {
      waiting.push(run);
      return () => waiting.splice(waiting.indexOf(run), 1);
    },
  );
  [1, 2, 3].forEach((value) => latest.offer(value));
  assert.deepEqual(drawn, [1]);
  waiting.shift()?.();
  assert.deepEqual(drawn, [1, 3]);
  latest.offer(4);
  latest.stop();
  assert.deepEqual([drawn, waiting], [[1, 3], []]);
  latest.offer(5);
  assert.deepEqual(drawn, [1, 3, 5]);
});
