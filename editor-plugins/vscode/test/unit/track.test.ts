import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, slice } from "../../src/logic/text.ts";
import { follow } from "../../src/logic/track.ts";
import { between, change, numbers, span } from "./places.ts";

const TEXT = "import os\n\ndef f(x):\n    return x + 1\n\nprint(f(2))\n";

test("a span follows lines that come and go above it", () => {
  const changes = [change(TEXT, "import os\n", "import os\nimport sys\nimport re\n")];
  const [moved] = follow([span(TEXT, "x + 1")], changes) ?? [];
  assert.ok(moved);
  assert.equal(slice(applied(TEXT, changes), moved), "x + 1");
});

test("a span follows typing before it on its own line", () => {
  const changes = [change(TEXT, "    return", "  yield")];
  const [moved] = follow([span(TEXT, "+ 1")], changes) ?? [];
  assert.ok(moved);
  assert.equal(slice(applied(TEXT, changes), moved), "+ 1");
});

test("what happens behind a span leaves it where it is", () => {
  const range = span(TEXT, "x + 1");
  assert.deepEqual(follow([range], [change(TEXT, "print", "log")]), [range]);
});

test("a change of the span, or right at its edge, is not followed", () => {
  const range = span(TEXT, "x + 1");
  assert.equal(follow([range], [change(TEXT, " + ", " - ")]), undefined);
  const edges = [range.start, range.end].map((place) => ({ start: place, end: place }));
  for (const edge of edges) {
    assert.equal(follow([range], [{ range: edge, text: "y" }]), undefined);
  }
});

test("through random changes elsewhere a span keeps its text", () => {
  let followed = 0;
  for (let seed = 1; seed <= 500; seed++) {
    const next = numbers(seed);
    const offsets = Array.from({ length: 4 }, () => next(TEXT.length + 1));
    const [a, b, c, d] = offsets.sort((one, other) => one - other) as [
      number,
      number,
      number,
      number,
    ];
    const pieces = ["", "q", "\n", "one\ntwo\r\nthree"];
    const changes = [
      { range: between(TEXT, a, b), text: pieces[next(4)] ?? "" },
      ...(b < c ? [{ range: between(TEXT, c, d), text: pieces[next(4)] ?? "" }] : []),
    ];
    const ranges = [span(TEXT, "x + 1"), span(TEXT, "f(2)")];
    const moved = follow(ranges, changes);
    if (moved !== undefined) {
      followed += 1;
      const after = applied(TEXT, changes);
      assert.deepEqual(moved.map((range) => slice(after, range)), ["x + 1", "f(2)"], `seed ${seed}`);
    }
  }
  assert.ok(followed > 50, "the changes must not all touch a span");
});
