import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { PYTHON } from "./session.ts";

const FOLDER = fileURLToPath(new URL("../../", import.meta.url));
const MEGABYTE = 1_000_000;
const LIST = "import json, sys, zipfile; print(json.dumps(zipfile.ZipFile(sys.argv[1]).namelist()))";

let out = "";
let vsix = "";

before(() => {
  out = mkdtempSync(join(tmpdir(), "instant-edit-vsix-"));
  vsix = join(out, "instant-edit.vsix");
  execFileSync("npm", ["run", "vsix", "--", "--out", vsix], { cwd: FOLDER, stdio: "pipe" });
});

after(() => rmSync(out, { recursive: true }));

test("the bundle is less than a megabyte, and the package less than one and a half", () => {
  assert.ok(statSync(join(FOLDER, "dist/extension.cjs")).size < MEGABYTE);
  assert.ok(statSync(vsix).size < 1.5 * MEGABYTE);
});

test("the bundle needs nothing but VS Code and Node", () => {
  const code = readFileSync(join(FOLDER, "dist/extension.cjs"), "utf8");
  const needed = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1] ?? "");
  assert.ok(needed.includes("vscode"));
  const known = new Set(["vscode", ...builtinModules]);
  assert.deepEqual(needed.filter((name) => !known.has(name.replace(/^node:/, ""))), []);
});

test("the package holds what the manifest and the README point to, and no sources", () => {
  const names: string[] = JSON.parse(execFileSync(PYTHON, ["-c", LIST, vsix], { encoding: "utf8" }));
  const manifest = readFileSync(join(FOLDER, "package.json"), "utf8");
  const readme = readFileSync(join(FOLDER, "README.md"), "utf8");
  const pictures = `${manifest}${readme}`.match(/media\/[\w-]+\.png/g) ?? [];
  assert.ok(pictures.length > 3);
  const wanted = ["dist/extension.cjs", "dist/notices.txt", "LICENSE.txt", ...pictures];
  const missing = wanted.filter((name) => !names.includes(`extension/${name}`));
  assert.deepEqual(missing, []);
  assert.deepEqual(names.filter((name) => /\.ts$|\.map$|node_modules|\.svg$/.test(name)), []);
});
