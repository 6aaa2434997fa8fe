import "./clean.ts";

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { search, type Place } from "../../src/logic/discovery.ts";
import { AS_MODULE, install, make, newEnough, pythonIn, PYTHONS } from "../../src/server/environment.ts";
import { askVersion } from "../../src/server/process.ts";
import { PYTHON } from "./session.ts";
import { wheel } from "./wheel.ts";

const signal = new AbortController().signal;
let folder = "";

before(() => {
  folder = mkdtempSync(join(tmpdir(), "instant-edit-test-"));
});

after(() => rmSync(folder, { recursive: true }));

const python = (command: string): Place => ({ source: "python", command, args: AS_MODULE });

test("a Python that has the server is found, after one that has not and one that is not there", async () => {
  const bare: Place = { source: "path", command: PYTHON, args: ["-P", "-m", "this_is_no_module"] };
  const gone: Place = { source: "path", command: join(folder, "nothing"), args: [] };
  const { found, tried } = await search([bare, gone, python(PYTHON)], askVersion);
  assert.equal(found?.place.command, PYTHON);
  assert.match(tried[0]?.fault ?? "", /No module named this_is_no_module/);
  assert.match(tried[1]?.fault ?? "", /ENOENT/);
});

test("a folder with a module of our name does not get to run it", async () => {
  const trap = join(folder, "trap");
  const sprung = join(trap, "sprung");
  mkdirSync(join(trap, "instant_edit"), { recursive: true });
  const code = `open(${JSON.stringify(sprung)}, "w").close()\n`;
  for (const name of ["__init__.py", "__main__.py"]) {
    writeFileSync(join(trap, "instant_edit", name), code);
  }
  const before = process.cwd();
  process.chdir(trap);
  try {
    assert.ok("output" in (await askVersion(python(PYTHON))));
    const wary: Place = { source: "path", command: PYTHON, args: ["-m", "instant_edit"] };
    assert.ok("output" in (await askVersion(wary)));
  } finally {
    process.chdir(before);
  }
  assert.equal(existsSync(sprung), false);
});

test("an environment is made, and a server installed into it is found there", async () => {
  const environment = join(folder, "deep", "environment");
  const base = await newEnough([join(folder, "nothing"), PYTHON, ...PYTHONS]);
  assert.equal(base, PYTHON);
  await make(PYTHON, environment, signal);
  await install(environment, wheel(folder, "print('instant-edit 0.1.0')"), signal);
  const { found } = await search([python(pythonIn(environment))], askVersion);
  assert.equal(found?.version, "0.1.0");
});

test("an installation that fails says what pip said", async () => {
  const environment = join(folder, "deep", "environment");
  const missing = join(folder, "missing-1.0-py3-none-any.whl");
  await assert.rejects(install(environment, missing, signal), /missing-1\.0[^]*does not exist/i);
});
