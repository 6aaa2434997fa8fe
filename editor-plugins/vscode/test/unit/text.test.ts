import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, linesOf, slice } from "../../src/logic/text.ts";
import { between, change, numbers, span } from "./places.ts";

test("a slice is the text of its range, whatever ends the lines", () => {
  const text = "one\r\ntwo\rthree 🦀 four\n";
  assert.equal(slice(text, span(text, "two")), "two");
  assert.equal(slice(text, span(text, "🦀 four")), "🦀 four");
  assert.equal(slice(text, span(text, "\rthree")), "\rthree");
});

test("beyond the end of a text there is nothing", () => {
  const range = { start: { line: 0, character: 1 }, end: { line: 9, character: 9 } };
  assert.equal(slice("abc", range), "bc");
});

test("form feeds and line separators end no line", () => {
  assert.deepEqual(linesOf("a\fb\u2028c"), ["a\fb\u2028c"]);
});

test("edits refer to the text before any of them", () => {
  const text = "a = b\nc = d\n";
  const edits = [change(text, "a", "first\n"), change(text, "d", ""), change(text, "b", "bb")];
  assert.equal(applied(text, edits), "first\n = bb\nc = \n");
});

test("applying random edits is the same as splicing them by offset", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const next = numbers(seed);
    const text = Array.from({ length: 40 }, () => "ab \n\r🦀"[next(5)]).join("");
    const places = [next(41), next(41), next(41), next(41)].sort((one, other) => one - other);
    const [a, b, c, d] = places as [number, number, number, number];
    const edits = [
      { range: between(text, a, b), text: "X\nY" },
      { range: between(text, c, d), text: "" },
    ];
    // A position cannot point between \r and \n: such an offset means the end of the pair.
    const whole = [a, b, c, d].every((offset) => text.slice(offset - 1, offset + 1) !== "\r\n");
    if (whole && b < c) {
      const expected = `${text.slice(0, a)}X\nY${text.slice(b, c)}${text.slice(d)}`;
      assert.equal(applied(text, edits), expected, `seed ${seed}`);
    }
  }
});
