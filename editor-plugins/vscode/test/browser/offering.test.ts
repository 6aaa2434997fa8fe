import assert from "node:assert/strict";
import { test } from "node:test";

import { CALL, NAME, Shop, TEXT } from "./shop.ts";

const shop = await Shop.forFile();
const { window } = shop;

/** Go back to the file from an editor that a test has opened beside it. */
async function back(): Promise<void> {
  await window.page.click(`.tab:has-text("${NAME}")`);
  await window.page.waitForSelector(`.tab.active:has-text("${NAME}")`);
}

test("the lightbulb's fill shows its edit before anything is applied", async () => {
  await window.select(TEXT, CALL);
  await window.press("Control+.");
  await window.page.click('.action-widget :text("Fill this span")');
  await window.untilDrawn(/len\(prices\)/);
  await shop.proposed();
  await shop.unchanged();
});

test("the context menu offers the commands", async () => {
  await window.page.click('.view-line:has-text("result = 0")', { button: "right" });
  await window.page.hover('.monaco-menu :text-is("Instant Edit")');
  await window.page.waitForSelector('.monaco-menu :text("Rewrite Selection…")');
});

test("the walkthrough has its steps, each with its picture", async () => {
  await window.command("Welcome: Open Walkthrough...");
  await window.quickInput("Instant Edit");
  await window.page.click('.quick-input-list .monaco-list-row:has-text("Get started with Instant Edit")');
  const steps = window.page.locator(".gettingStartedContainer .getting-started-step");
  await steps.first().waitFor();
  assert.equal(await steps.count(), 3);
  for (const [index, title] of ["See that the server", "Rewrite a selection", "Accept, reject"].entries()) {
    await steps.nth(index).getByText(title).first().click();
    await window.page.waitForFunction(() => {
      const picture = document.querySelector<HTMLImageElement>(".getting-started-media img");
      return picture !== null && picture.complete && picture.naturalWidth > 0;
    });
    await shop.fixture.shot(`walkthrough ${index + 1}`);
  }
  await back();
});

test("the log tells of the server and holds no text of the file", async () => {
  await window.command("Instant Edit: Show Log");
  await window.page.waitForFunction(() => {
    const log = document.querySelector(".panel .view-lines")?.textContent ?? "";
    return /starting.*instant-edit.*version/.test(log.replaceAll("\u00a0", " "));
  });
  assert.doesNotMatch((await window.page.textContent(".panel .view-lines")) ?? "", /prices/);
  await window.command("View: Hide Panel");
});

test("the doctor says where the server was looked for", async () => {
  await window.command("Instant Edit: Doctor");
  const patience = 180_000; // it loads the embedded model and tries it
  await window.untilShown(".editor-instance", "Where the server was looked for", patience);
  await window.untilShown(".editor-instance", "setting:");
  await shop.fixture.shot("doctor");
  await window.press("Control+a", "Delete");
  await back();
});

test("a key is used by nothing else", async () => {
  await window.command("Preferences: Open Keyboard Shortcuts");
  await window.page.waitForSelector(".keybindings-editor .monaco-list-row");
  for (const chord of ["ctrl+; r", "ctrl+; i", "ctrl+; .", "ctrl+; t"]) {
    await window.press("Control+a");
    await window.page.keyboard.insertText(`"${chord}"`);
    const rows = window.page.locator(".keybindings-editor .monaco-list-row");
    await rows.filter({ hasNotText: "Instant Edit" }).first().waitFor({ state: "detached" });
    await window.untilShown(".keybindings-editor .monaco-list-row", "Instant Edit");
    assert.equal(await rows.count(), 1, chord);
  }
  await window.press("Escape", "Escape");
  await back();
});
