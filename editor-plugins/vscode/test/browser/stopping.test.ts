import assert from "node:assert/strict";
import { test } from "node:test";

import { HELD, Shop, TEXT } from "./shop.ts";

const shop = await Shop.forFile();
const { window } = shop;

test("Escape cancels a draft, and the server goes on serving", async () => {
  await shop.rewrite("hold");
  await window.untilDrawn(/▒/);
  await window.untilShown(".statusbar", "tokens left");
  await window.press("Escape");
  await window.untilShown(".statusbar", "scripted");
  await shop.blank();
  await shop.unchanged();
  await shop.rewrite("use sum");
  await shop.proposed();
});

test("a slow rewrite can be cancelled in its notification", async () => {
  await shop.rewrite("hold");
  const toast = window.page.locator(".notification-toast", { hasText: "Instant Edit" });
  await toast.waitFor();
  await toast.hover();
  await toast.getByText("Cancel").click();
  await window.untilShown(".statusbar", "scripted");
  await toast.waitFor({ state: "detached" });
  await shop.unchanged();
});

test("a click on the steps in the status bar cancels", async () => {
  await shop.rewrite("hold");
  await window.page.click('.statusbar-item:has-text("tokens left") a');
  await window.untilShown(".statusbar", "scripted");
  await shop.blank();
  await shop.unchanged();
});

test("typing into the span while it is denoised drops the edit", async () => {
  await shop.rewrite("hold");
  await window.untilDrawn(/▒/);
  await window.goTo(4, 9);
  await window.page.keyboard.type("# mine ");
  await window.untilShown(".statusbar", "dropped, because the text has changed");
  await shop.blank();
  await shop.saves(TEXT.replace("result += price", "# mine result += price"));
});

test("typing elsewhere while it is denoised moves the edit to where its span is", async () => {
  await shop.rewrite("hold", "value = total(prices)");
  await window.untilDrawn(/▒/);
  await window.goTo(1, 1);
  await window.page.keyboard.type("# mine\n");
  shop.fixture.tell("go");
  await shop.proposed();
  await window.press("Control+Enter");
  await window.page.waitForSelector(`.view-line:has-text("${HELD}")`); // it was dirty before
  await shop.saves(`# mine\n${TEXT.replace("value = total(prices)", HELD)}`);
});

test("a proposal is not for a text that has changed since: it is dropped, not applied", async () => {
  await shop.rewrite("use sum");
  await shop.proposed();
  await window.goTo(10, 5);
  await window.page.keyboard.type("x");
  await window.untilShown(".statusbar", "dropped, because the text has changed");
  await window.press("Control+Enter");
  assert.doesNotMatch(await window.text(), /return sum/);
});

test("an edit for a version that is not there is refused, whatever the server says", async () => {
  await shop.rewrite("lie");
  await window.untilShown(".notifications-toasts", "nothing was applied, because shop.py is at version");
  await shop.blank();
  await shop.unchanged();
  await window.command("Notifications: Clear All Notifications");
});

test("what does not parse is never proposed", async () => {
  await shop.rewrite("break it");
  await window.untilShown(".notifications-toasts", "no draft passed validation");
  await shop.blank();
  await shop.unchanged();
  await window.command("Notifications: Clear All Notifications");
});

test("a server that dies is started again", async () => {
  const pid = await shop.fixture.pid();
  process.kill(pid, "SIGKILL");
  assert.notEqual(await shop.fixture.pid(pid), pid);
  await shop.rewrite("use sum");
  await shop.proposed();
});

test("a server that keeps dying is given up, and started when the next edit is asked for", async () => {
  const pid = await shop.fixture.pid();
  shop.fixture.tell("dying");
  process.kill(pid, "SIGKILL");
  await window.page.waitForSelector('.statusbar-item[aria-label*="cannot work"]');
  await shop.fixture.shot("given up");
  shop.fixture.tell("dying", false);
  await shop.rewrite("use sum");
  await shop.proposed();
  assert.notEqual(await shop.fixture.pid(pid), pid);
});
