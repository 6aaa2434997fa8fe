/**
 * Makes the pictures of the README, the walkthrough and the marketplace: the real extension, the
 * embedded model, a real file. Run with `npm run pictures`; look at what it made.
 */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { ROOT } from "../client/session.ts";
import { animated, type Frame } from "./apng.ts";
import { Fixture } from "./fixture.ts";

const MEDIA = fileURLToPath(new URL("../../media/", import.meta.url));
const NAME = "inventory.py";
const TEXT = readFileSync(`${ROOT}fixtures/${NAME}`, "utf8");
const PIECE = "pass";
const INSTRUCTION = "fix the bug";
const CLIP = { x: 0, y: 0, width: 900, height: 420 };
const LAST_MS = 2_500;

const settings = {
  "workbench.activityBar.location": "hidden",
  "workbench.layoutControl.enabled": false,
  "window.commandCenter": false,
  "window.menuBarVisibility": "hidden",
  "breadcrumbs.enabled": false,
  "editor.fontSize": 15,
};
const fixture = await Fixture.start("embedded", { [NAME]: TEXT }, settings);
const { workbench } = fixture;
const { page } = workbench;
const picture = (): Promise<Buffer> => page.screenshot({ clip: CLIP });
const keep = (name: string, png: Buffer): void => writeFileSync(`${MEDIA}${name}.png`, png);

try {
  await workbench.openFile(NAME);
  await workbench.press("Control+b");
  await page.waitForSelector('.statusbar-item[aria-label*="embedded: ready"]', { timeout: 120_000 });
  await workbench.select(TEXT, PIECE);
  await workbench.press("Control+;", "r");
  await workbench.quickInput(INSTRUCTION);
  await page.waitForSelector(`.quick-input-list .focused:has-text("${INSTRUCTION}")`);
  keep("prompt", await picture());
  await workbench.press("Escape");
  await page.waitForSelector(".quick-input-widget", { state: "hidden" });
  const frames: Frame[] = [{ png: await picture(), milliseconds: 1_200 }];
  await workbench.press("Control+;", "i");
  const accept = '.codelens-decoration:has-text("Accept")';
  const proposed = page.waitForSelector(accept, { timeout: 120_000 });
  let [waiting, last] = [true, ""];
  void proposed.finally(() => (waiting = false));
  while (waiting) {
    const png = await picture();
    const drawn = (await workbench.drawn()).trim();
    if (waiting && drawn !== "" && drawn !== last) {
      keep("draft", png);
      frames.push({ png, milliseconds: 250 });
      last = drawn;
    }
  }
  await proposed;
  frames.push({ png: await picture(), milliseconds: LAST_MS });
  keep("proposal", frames[frames.length - 1]?.png ?? Buffer.alloc(0));
  const before = await workbench.text();
  await workbench.press("Control+Enter");
  await page.waitForSelector(".codelens-decoration", { state: "detached" });
  frames.push({ png: await picture(), milliseconds: LAST_MS });
  keep("recording", animated(frames));
  assert.notEqual(await workbench.text(), before, "the edit is there");
  await workbench.command("Instant Edit: Doctor");
  await workbench.untilShown(".editor-instance", "Where the server was looked for", 120_000);
  await workbench.press("Control+Home");
  keep("doctor", await picture());
  await page.setContent(`<body style="margin:0">${readFileSync(`${MEDIA}icon.svg`, "utf8")}`);
  const clip = { x: 0, y: 0, width: 128, height: 128 };
  keep("icon", await page.screenshot({ clip, omitBackground: true }));
} finally {
  await fixture.stop();
}
