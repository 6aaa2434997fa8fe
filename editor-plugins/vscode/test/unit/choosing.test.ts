import assert from "node:assert/strict";
import { test } from "node:test";

import { Backoff, FORGIVEN, WINDOW_MS } from "../../src/logic/backoff.ts";
import { Candidates } from "../../src/logic/candidates.ts";
import { choices } from "../../src/logic/choices.ts";
import { LIMIT, remember } from "../../src/logic/history.ts";

const KINDS = [
  { id: "fill", title: "Fill this span" },
  { id: "rewrite", title: "Rewrite…" },
  { id: "fix", title: "fix the bug" },
];

test("what is typed comes first, then the kinds, then the past without what is a kind", () => {
  const offered = choices(" add a type ", KINDS, ["fix the bug", "rename x to y"]);
  assert.deepEqual(
    offered.map(({ from, title }) => [from, title]),
    [
      ["typed", "add a type"],
      ["kind", "Fill this span"],
      ["kind", "fix the bug"],
      ["past", "rename x to y"],
    ],
  );
});

test("typing changes the first place only", () => {
  const [, ...before] = choices("", KINDS, ["rename x to y"]);
  for (const typed of ["r", "rename x to y", "fix the bug"]) {
    assert.deepEqual(choices(typed, KINDS, ["rename x to y"]).slice(1), before);
  }
});

test("a fill has no instruction, everything else is one", () => {
  const wishes = choices("", KINDS, []).map(({ wish }) => wish);
  const fixed = { mode: "rewrite", instruction: "fix the bug" };
  assert.deepEqual(wishes.slice(1), [{ mode: "fill" }, fixed]);
});

test("the newest instruction comes first, stands there once, and the oldest is forgotten", () => {
  assert.deepEqual(remember(["a", "b"], " b "), ["b", "a"]);
  assert.deepEqual(remember(["a"], "  "), ["a"]);
  const many = Array.from({ length: LIMIT }, (_, index) => String(index));
  assert.deepEqual(remember(many, "new"), ["new", ...many.slice(0, LIMIT - 1)]);
});

test("candidates can be walked through, and each has a seed of its own", () => {
  const candidates = new Candidates<string>(7);
  assert.deepEqual([candidates.shown, candidates.number, candidates.forward()], [undefined, 0, false]);
  for (const answer of ["a", "b", "c"]) {
    candidates.add(candidates.nextSeed(), answer);
  }
  assert.deepEqual(candidates.shown, { seed: 9, answer: "c" });
  assert.deepEqual([candidates.back(), candidates.back(), candidates.back()], [true, true, false]);
  assert.deepEqual([candidates.shown?.answer, candidates.number, candidates.count], ["a", 1, 3]);
  assert.equal(candidates.forward(), true);
  assert.equal(candidates.shown?.answer, "b");
  assert.equal(candidates.nextSeed(), 10);
});

test("a server that keeps dying is started ever later, and at last no more", () => {
  const backoff = new Backoff();
  const delays = Array.from({ length: FORGIVEN + 1 }, (_, index) => backoff.crashed(index * 1_000));
  assert.deepEqual(delays, [500, 1_000, 2_000, 4_000, 8_000, undefined]);
});

test("crashes of long ago are forgotten", () => {
  const backoff = new Backoff();
  assert.equal(backoff.crashed(0), 500);
  assert.equal(backoff.crashed(1), 1_000);
  assert.equal(backoff.crashed(WINDOW_MS + 1), 500);
});
