import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

import { PYTHON } from "../client/session.ts";
import { wheel } from "../client/wheel.ts";
import { Fixture, PACED } from "./fixture.ts";
import { pythonExtension, SELECT_NEXT } from "./python.ts";
import { CALL, Shop, TEXT } from "./shop.ts";

/** Not the repository's environment. */
const BARE = { PATH: "/usr/bin:/bin", PYTHONPATH: "" };

let fixture: Fixture | undefined;
let scratch = "";

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "instant-edit-scratch-"));
});

afterEach(async (context) => {
  await fixture?.shot("name" in context ? context.name : "end");
  await fixture?.stop();
  fixture = undefined;
  rmSync(scratch, { recursive: true });
});

test("a folder that is not trusted chooses no server, and the user's own serves it", async () => {
  const evil = "#!/bin/sh\ntouch \"$(dirname \"$0\")/sprung\"\necho instant-edit 9.9.9\n";
  const settings = JSON.stringify({ "instantEdit.server.path": "./evil" });
  const files = { "a.py": "x = 1\n", evil, ".vscode/settings.json": settings };
  fixture = await Fixture.start(files, { trust: "asked" });
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
  fixture = await Fixture.start({ "sheet.ipynb": JSON.stringify(notebook) });
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
  const server = [PYTHON, PACED].map((part) => JSON.stringify(part)).join(", ");
  const main = `import os, sys\nos.execv(${JSON.stringify(PYTHON)}, [${server}, *sys.argv[1:]])\n`;
  const source = wheel(scratch, main);
  const settings = { "instantEdit.server.path": "", "instantEdit.install.source": source };
  fixture = await Fixture.start({ "a.py": "x = 1\n" }, { settings, env: BARE });
  const { workbench } = fixture;
  await workbench.openFile("a.py");
  await workbench.page.waitForSelector('.statusbar-item[aria-label*="cannot work"]');
  await workbench.press("Control+;", "r");
  await workbench.page.click('.monaco-dialog-box .monaco-button:has-text("Install")');
  await workbench.page.waitForSelector('.statusbar-item:has-text("scripted")', { timeout: 300_000 });
});

/** A command that is a Python as far as our server goes, and leaves its mark on the process. */
function python(name: string): string {
  const path = join(scratch, name);
  const asked = '[ "$1 $2 $3" = "-P -m instant_edit" ] || exit 1';
  const serve = `shift 3\nexport MARK=${name}\nexec "${PYTHON}" "${PACED}" "$@"`;
  writeFileSync(path, `#!/bin/sh\n${asked}\n${serve}\n`, { mode: 0o755 });
  return path;
}

test("the selected Python's server is taken, and another's when that is selected", async () => {
  const extensions = [pythonExtension(scratch, [python("one"), python("two")])];
  const settings = { "instantEdit.server.path": "" };
  fixture = await Fixture.start({ "a.py": "x = 1\n" }, { settings, env: BARE, extensions });
  const { workbench } = fixture;
  await workbench.openFile("a.py");
  await workbench.untilShown(".statusbar", "scripted");
  const pid = await fixture.pid();
  assert.match(readFileSync(`/proc/${pid}/environ`, "latin1"), /\0MARK=one\0/);
  await workbench.command(SELECT_NEXT);
  const next = await fixture.pid(pid);
  assert.match(readFileSync(`/proc/${next}/environ`, "latin1"), /\0MARK=two\0/);
  await workbench.untilShown(".statusbar", "scripted");
});

test("the lightbulb applies its edit at once where that is the setting, as one undo", async () => {
  const shop = await Shop.open({ settings: { "instantEdit.lightbulb": "apply" } });
  fixture = shop.fixture;
  await shop.window.select(TEXT, CALL);
  await shop.window.press("Control+.");
  await shop.window.page.click('.action-widget :text("Fill this span")');
  await shop.saves(TEXT.replace(CALL, "len(prices) > 0"));
  await shop.window.press("Control+z");
  await shop.saves(TEXT);
});
