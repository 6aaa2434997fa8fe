import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";

import { Fixture } from "./fixture.ts";

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
  await workbench.page.click('.monaco-dialog-box :text("No, I don\'t trust")');
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
