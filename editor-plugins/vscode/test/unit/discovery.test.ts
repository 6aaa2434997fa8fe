import assert from "node:assert/strict";
import { test } from "node:test";

import { search, type Answer, type Place } from "../../src/logic/discovery.ts";
import { OLDEST, supported, versionIn } from "../../src/logic/versions.ts";

const place = (source: Place["source"], command: string): Place => ({ source, command, args: [] });
const SETTING = place("setting", "named");
const PYTHON = place("python", "python");
const PATH = place("path", "instant-edit");

function asking(answers: Record<string, Answer>): (place: Place) => Promise<Answer> {
  return async ({ command }) => answers[command] ?? { error: "ENOENT" };
}

test("the first place with a good version is taken, and the faults of the others are kept", async () => {
  const ask = asking({ "instant-edit": { output: `instant-edit ${OLDEST}` } });
  const { found, tried } = await search([PYTHON, PATH, place("private", "own")], ask);
  assert.deepEqual(found, { place: PATH, version: OLDEST });
  assert.deepEqual(tried, [
    { place: PYTHON, fault: "ENOENT" },
    { place: PATH, version: OLDEST },
  ]);
});

test("a server that the user named is not silently replaced by another", async () => {
  const ask = asking({ "instant-edit": { output: "instant-edit 9.9.9" } });
  const { found, tried } = await search([SETTING, PATH], ask);
  assert.equal(found, undefined);
  assert.deepEqual(tried, [{ place: SETTING, fault: "ENOENT" }]);
});

test("a server too old, and a command that is something else, are passed by", async () => {
  const ask = asking({
    python: { output: "Python 3.12.1" },
    "instant-edit": { output: "instant-edit 0.0.9" },
  });
  const { found, tried } = await search([PYTHON, PATH], ask);
  assert.equal(found, undefined);
  assert.match(tried[0]?.fault ?? "", /answers "Python 3.12.1"/);
  assert.match(tried[1]?.fault ?? "", /version 0.0.9; 0.1.0 or newer/);
});

test("versions are compared by their numbers", () => {
  assert.equal(versionIn("instant-edit 0.10.0.dev1\n"), "0.10.0.dev1");
  assert.equal(versionIn("instant-edit: error"), undefined);
  const newEnough = ["0.1.0", "0.1.1", "0.2.0", "0.10.0", "1.0.0"];
  assert.deepEqual(newEnough.filter((version) => !supported(version)), []);
  assert.deepEqual(["0.0.9", "0.0.10"].filter(supported), []);
});
