import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { Fixture } from "./fixture.ts";
import type { Workbench } from "./workbench.ts";

const NAME = "shop.py";
const TEXT = `def total(prices):
    result = 0
    for price in prices:
        result += price
    return result


def show(prices):
    value = total(prices)
    print(value)
    return value
`;
const BODY = /result = 0[^]*?return result/.exec(TEXT)?.[0] ?? "";
const SUM = TEXT.replace(BODY, "return sum(prices)");

const CALL = "print(value)";

let fixture: Fixture;
let window: Workbench;

before(async () => {
  fixture = await Fixture.start("scripted", { [NAME]: TEXT });
  window = fixture.workbench;
  await window.openFile(NAME);
  await window.untilShown(".statusbar", "scripted");
});

after(() => fixture.stop());

afterEach(async (context) => {
  await fixture.shot(("name" in context ? context.name : "end").replaceAll(/\W+/g, "-"));
  await window.press("Escape", "Escape", "Escape");
  fixture.write(NAME, TEXT);
  await window.command("File: Revert File");
  await window.page.waitForFunction(() => document.querySelector(".tab.active.dirty") === null);
});

/** Select the body of `total` and say what to do with it. */
async function rewrite(instruction: string): Promise<void> {
  await window.select(TEXT, BODY);
  await window.press("Control+;", "r");
  await window.quickInput(instruction);
  await window.page.waitForSelector(`.quick-input-list .focused:has-text("${instruction}")`);
  await window.press("Enter");
}

/** Save, and see that this is what the document held. */
async function saves(text: string): Promise<void> {
  await window.press("Control+s");
  const deadline = Date.now() + 10_000;
  while (fixture.read(NAME) !== text && Date.now() < deadline) {
    await window.page.waitForTimeout(50); // no event tells that the file is written
  }
  assert.equal(fixture.read(NAME), text);
}

async function unchanged(): Promise<void> {
  assert.equal(await window.dirty(), false);
  assert.ok((await window.text()).startsWith(TEXT.trimEnd().split("\n", 5).join("\n")));
  assert.equal(fixture.read(NAME), TEXT);
}

test("a draft is drawn step by step, and the text stays as it is", async () => {
  await rewrite("use sum");
  await window.untilDrawn(/▒/);
  await fixture.shot("draft");
  await unchanged();
  assert.equal((await window.untilDrawn(/return sum\(prices\)/)).trim(), "return sum(prices)");
  await window.untilShown(".codelens-decoration", "Accept");
  await fixture.shot("proposal");
  await unchanged();
});

test("accepting applies the edit, and one undo takes it back", async () => {
  await rewrite("use sum");
  await window.untilShown(".codelens-decoration", "Accept");
  await window.press("Control+Enter");
  await window.page.waitForSelector(".tab.active.dirty");
  assert.equal((await window.drawn()).trim(), "");
  await saves(SUM);
  await window.press("Control+z");
  await saves(TEXT);
});

test("candidates can be walked through, and the one that is shown is accepted", async () => {
  await rewrite("use sum");
  await window.untilShown(".codelens-decoration", "Next Candidate (1 of 1)");
  await window.press("Alt+]");
  await window.untilShown(".codelens-decoration", "Next Candidate (2 of 2)");
  await window.untilDrawn(/for price in prices/);
  await window.press("Alt+[");
  await window.untilShown(".codelens-decoration", "Next Candidate (1 of 2)");
  await window.press("Alt+]");
  await window.untilShown(".codelens-decoration", "Next Candidate (2 of 2)");
  await window.page.click('.codelens-decoration a:has-text("Accept")');
  await window.page.waitForSelector(".tab.active.dirty");
  await saves(SUM.replace("sum(prices)", "sum(price for price in prices)"));
  await window.press("Control+z");
  await saves(TEXT);
});

test("Escape rejects a proposal and leaves nothing behind", async () => {
  await rewrite("use sum");
  await window.untilShown(".codelens-decoration", "Accept");
  await window.press("Escape");
  await window.page.waitForSelector(".codelens-decoration", { state: "detached" });
  assert.equal((await window.drawn()).trim(), "");
  await unchanged();
});

test("Escape cancels a draft, and the server goes on serving", async () => {
  await rewrite("hold");
  await window.untilDrawn(/▒/);
  await window.untilShown(".statusbar", "tokens left");
  await window.press("Escape");
  await window.untilShown(".statusbar", "scripted");
  assert.equal((await window.drawn()).trim(), "");
  await unchanged();
  await rewrite("use sum");
  await window.untilShown(".codelens-decoration", "Accept");
});

test("a slow rewrite can be cancelled in its notification", async () => {
  await rewrite("hold");
  const toast = window.page.locator(".notification-toast", { hasText: "Instant Edit" });
  await toast.waitFor();
  await toast.hover();
  await toast.getByText("Cancel").click();
  await window.untilShown(".statusbar", "scripted");
  await unchanged();
});

test("typing into the span while it is denoised drops the edit", async () => {
  await rewrite("hold");
  await window.untilDrawn(/▒/);
  await window.goTo(4, 9);
  await window.page.keyboard.type("# mine ");
  await window.untilShown(".statusbar", "dropped, because the text has changed");
  assert.equal((await window.drawn()).trim(), "");
  await saves(TEXT.replace("result += price", "# mine result += price"));
});

test("a proposal is not for a text that has changed since: it is dropped, not applied", async () => {
  await rewrite("use sum");
  await window.untilShown(".codelens-decoration", "Accept");
  await window.goTo(10, 5);
  await window.page.keyboard.type("x");
  await window.untilShown(".statusbar", "dropped, because the text has changed");
  await window.press("Control+Enter");
  assert.doesNotMatch(await window.text(), /return sum/);
});

test("an edit for a version that is not there is refused, whatever the server says", async () => {
  await rewrite("lie");
  await window.untilShown(".notifications-toasts", "nothing was applied, because shop.py is at version");
  assert.equal((await window.drawn()).trim(), "");
  await unchanged();
  await window.command("Notifications: Clear All Notifications");
});

test("what does not parse is never proposed", async () => {
  await rewrite("break it");
  await window.untilShown(".notifications-toasts", "no draft passed validation");
  assert.equal((await window.drawn()).trim(), "");
  await unchanged();
  await window.command("Notifications: Clear All Notifications");
});

test("the lightbulb's fill shows its edit before anything is applied", async () => {
  await window.select(TEXT, CALL);
  await window.press("Control+.");
  await window.page.click('.action-widget :text("Fill this span")');
  await window.untilDrawn(/len\(prices\)/);
  await window.untilShown(".codelens-decoration", "Accept");
  await unchanged();
});

test("several cursors are several spans of one edit and one undo", async () => {
  await window.select(TEXT, "value");
  await window.press("Control+d", "Control+d", "Control+;", "r");
  await window.quickInput("name it amount");
  await window.press("Enter");
  await window.untilDrawn(/amount[^]*amount[^]*amount/);
  await window.untilShown(".codelens-decoration", "Accept");
  await fixture.shot("several-cursors");
  await window.press("Control+Enter");
  await window.page.waitForSelector(".tab.active.dirty");
  await saves(TEXT.replaceAll(/\bvalue\b/g, "amount"));
  await window.press("Control+z");
  await saves(TEXT);
});

test("rows for which there is no line are drawn below, over what follows", async () => {
  await window.select(TEXT, "value = total(prices)");
  await window.press("Control+;", "r");
  await window.quickInput("in two lines");
  await window.press("Enter");
  await window.untilDrawn(/first = 1/);
  await window.untilShown(".codelens-decoration", "Accept");
  assert.match(await window.drawn(), /return first \+ sum\(prices\)/);
});

test("a server that dies is started again", async () => {
  const pid = await fixture.pid();
  process.kill(pid, "SIGKILL");
  assert.notEqual(await fixture.pid(pid), pid);
  await rewrite("use sum");
  await window.untilShown(".codelens-decoration", "Accept");
});

test("the context menu offers the commands", async () => {
  await window.page.click('.view-line:has-text("result = 0")', { button: "right" });
  await window.page.hover('.monaco-menu :text-is("Instant Edit")');
  await window.page.waitForSelector('.monaco-menu :text("Rewrite Selection…")');
});

test("the doctor says where the server was looked for", async () => {
  await window.command("Instant Edit: Doctor");
  const patience = 180_000; // it loads the embedded model and tries it
  await window.untilShown(".editor-instance", "Where the server was looked for", patience);
  await window.untilShown(".editor-instance", "setting:");
  await fixture.shot("doctor");
  await window.press("Control+a", "Delete");
  await window.command("View: Revert and Close Editor");
  await window.page.waitForSelector(`.tab.active:has-text("${NAME}")`);
});

test("a key is used by nothing else", async () => {
  await window.command("Preferences: Open Keyboard Shortcuts");
  await window.page.waitForSelector(".keybindings-editor .monaco-list-row");
  for (const chord of ["ctrl+; r", "ctrl+; i", "ctrl+; .", "ctrl+; t"]) {
    await window.press("Control+a");
    await window.page.keyboard.insertText(`"${chord}"`);
    const rows = window.page.locator(".keybindings-editor .monaco-list-row");
    await window.untilShown(".keybindings-editor .monaco-list-row", "Instant Edit");
    assert.deepEqual(await rows.count(), 1, chord);
  }
  await window.press("Escape", "Escape");
});
