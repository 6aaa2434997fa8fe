import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, test } from "node:test";

import { PYTHON } from "../client/session.ts";
import { wheel } from "../client/wheel.ts";
import { Fixture, PACED } from "./fixture.ts";

let fixture: Fixture | undefined;

afterEach(async (context) => {
  await fixture?.shot(("name" in context ? context.name : "end").replaceAll(/\W+/g, "-"));
  await fixture?.stop();
  fixture = undefined;
});

test("a folder that is not trusted chooses no server, and the user's own serves it", async () => {
  const evil = "#!/bin/sh\ntouch \"$(dirname \"$0\")/sprung\"\necho instant-edit 9.9.9\n";
  const settings = JSON.stringify({ "instantEdit.server.path": "./evil" });
  const files = { "a.py": "x = 1\n", evil, ".vscode/settings.json": settings };
  fixture = await Fixture.start("scripted", files, {}, "asked");
  const { workbench, folder } = fixture;
  await workbench.openFile("a.py");
  await workbench.untilShown(".statusbar", "scripted");
  await workbench.untilShown(".part.statusbar, .part.banner", "Restricted Mode");
  assert.equal(existsSync(join(folder, "sprung")), false);
});

test("a line of a notebook's cell is rewritten in its cell", async () => {
  const cell = { cell_type: "code", metadata: {}, execution_count: null, outputs: [], source: [] };
  const notebook = {
    cells: [{ ...cell, source: ["total = 1 + 2\n", "print(total)"] }],
    metadata: { language_info: { name: "python" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  fixture = await Fixture.start("scripted", { "sheet.ipynb": JSON.stringify(notebook) });
  const { workbench } = fixture;
  await workbench.openFile("sheet.ipynb");
  await workbench.page.click('.view-line:has-text("total = 1 + 2")');
  await workbench.untilShown(".statusbar", "scripted");
  await workbench.press("Control+;", "r");
  await workbench.quickInput("name it amount");
  await workbench.page.waitForSelector('.quick-input-list .focused:has-text("name it amount")');
  await workbench.press("Enter");
  await workbench.untilDrawn(/amount/);
  await workbench.page.waitForSelector('.statusbar-item:has-text("accept?")');
  await workbench.press("Control+Enter");
  await workbench.page.waitForSelector('.view-line:has-text("amount")');
  assert.doesNotMatch(await workbench.text(), /1 \+ 2/);
});

test("where no server is found one is installed, after asking, and serves at once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "instant-edit-wheel-"));
  const server = [PYTHON, PACED].map((part) => JSON.stringify(part)).join(", ");
  const main = `import os, sys\nos.execv(${JSON.stringify(PYTHON)}, [${server}, *sys.argv[1:]])\n`;
  const source = wheel(folder, main);
  try {
    const settings = { "instantEdit.server.path": "", "instantEdit.install.source": source };
    const path = { PATH: "/usr/bin:/bin", PYTHONPATH: "" }; // not the repository's environment
    fixture = await Fixture.start("scripted", { "a.py": "x = 1\n" }, settings, "given", path);
    const { workbench } = fixture;
    await workbench.openFile("a.py");
    await workbench.page.waitForSelector('.statusbar-item[aria-label*="cannot work"]');
    await workbench.press("Control+;", "r");
    await workbench.page.click('.monaco-dialog-box .monaco-button:has-text("Install")');
    await workbench.page.waitForSelector('.statusbar-item:has-text("scripted")', {
      timeout: 120_000,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
