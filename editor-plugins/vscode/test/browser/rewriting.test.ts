import { test } from "node:test";

import { BODY, CALL, HELD, Shop, SUM, TEXT } from "./shop.ts";

const shop = await Shop.forFile();
const { window } = shop;

test("a draft is drawn step by step, and the text stays as it is", async () => {
  await shop.rewrite("hold");
  await window.untilDrawn(/▒/);
  await shop.fixture.shot("draft");
  await shop.unchanged();
  shop.fixture.tell("go");
  await window.untilDrawn(new RegExp(`^\\s*${HELD.replaceAll("+", "\\+")}\\s*$`));
  await shop.proposed();
  await shop.fixture.shot("proposal");
  await shop.unchanged();
});

test("accepting applies the edit, and one undo takes it back", async () => {
  await shop.rewrite("use sum");
  await shop.proposed();
  await window.press("Control+Enter");
  await shop.blank();
  await shop.saves(SUM);
  await window.press("Control+z");
  await shop.saves(TEXT);
});

test("candidates can be walked through, and the one that is shown is accepted", async () => {
  await shop.rewrite("use sum");
  await window.untilShown(".codelens-decoration", "Next Candidate (1 of 1)");
  await window.press("Alt+]");
  await window.untilShown(".codelens-decoration", "Next Candidate (2 of 2)");
  await window.untilDrawn(/for price in prices/);
  await window.press("Alt+[");
  await window.untilShown(".codelens-decoration", "Next Candidate (1 of 2)");
  await window.press("Alt+]");
  await window.untilShown(".codelens-decoration", "Next Candidate (2 of 2)");
  await window.page.click('.codelens-decoration a:has-text("Accept")');
  await shop.saves(SUM.replace("sum(prices)", "sum(price for price in prices)"));
  await window.press("Control+z");
  await shop.saves(TEXT);
});

test("a retry asks for another candidate, and keeps the one before", async () => {
  await shop.rewrite("use sum");
  await shop.proposed();
  await window.press("Control+;", "t");
  await window.untilShown(".codelens-decoration", "Next Candidate (2 of 2)");
  await window.untilDrawn(/for price in prices/);
  await window.press("Alt+[");
  await window.untilDrawn(/return sum\(prices\)/);
});

test("Escape rejects a proposal and leaves nothing behind", async () => {
  await shop.rewrite("use sum");
  await shop.proposed();
  await window.press("Escape");
  await shop.gone();
  await shop.unchanged();
});

test("the hover shows the proposal as a diff, and accepts it", async () => {
  await shop.rewrite("use sum");
  await shop.proposed();
  await window.press("Control+k", "Control+i");
  const hover = window.page.locator(".monaco-hover", { hasText: "- " });
  await hover.getByText("return sum(prices)").waitFor();
  await shop.fixture.shot("hover");
  await hover.locator("a", { hasText: "Accept" }).click();
  await shop.saves(SUM);
});

test("the last edit is repeated on another selection, without asking", async () => {
  await shop.rewrite("name it amount", "result");
  await window.untilDrawn(/amount/);
  await shop.proposed();
  await window.press("Escape");
  await shop.gone();
  await window.select(TEXT, CALL);
  await window.press("Control+;", ".");
  await window.untilDrawn(/amount/);
  await shop.proposed();
  await window.press("Control+Enter");
  await shop.saves(TEXT.replace(CALL, "amount"));
});

test("the box offers the kinds of edits and what was typed before", async () => {
  await shop.rewrite("use sum");
  await shop.proposed();
  await window.press("Escape");
  await shop.gone();
  await window.select(TEXT, CALL);
  await window.press("Control+;", "r");
  await window.page.waitForSelector('.quick-input-list .monaco-list-row:has-text("use sum")');
  await shop.fixture.shot("history");
  await window.page.click('.quick-input-list .monaco-list-row:has-text("Fill this span")');
  await window.untilDrawn(/len\(prices\)/);
  await shop.proposed();
  await shop.unchanged();
});

test("several cursors are several spans of one edit and one undo", async () => {
  await window.select(TEXT, "value");
  await window.press("Control+d", "Control+d", "Control+;", "r");
  await window.quickInput("name it amount");
  await window.page.waitForSelector('.quick-input-list .focused:has-text("name it amount")');
  await window.press("Enter");
  await window.untilDrawn(/amount[^]*amount[^]*amount/);
  await shop.proposed();
  await shop.fixture.shot("several cursors");
  await window.press("Control+Enter");
  await shop.saves(TEXT.replaceAll(/\bvalue\b/g, "amount"));
  await window.press("Control+z");
  await shop.saves(TEXT);
});

test("rows for which there is no line are drawn below, over what follows", async () => {
  await shop.rewrite("in two lines", "value = total(prices)");
  await window.untilDrawn(/first = 1[^]*return first \+ sum\(prices\)/);
  await shop.proposed();
});

test("Fill Span writes the selection anew, without asking", async () => {
  await window.select(TEXT, BODY);
  await window.press("Control+;", "i");
  await window.untilDrawn(/len\(prices\) > 0/);
  await shop.proposed();
  await window.press("Control+Enter");
  await shop.saves(TEXT.replace(BODY, "len(prices) > 0"));
});
