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
const [FIRST_MS, LAST_MS, PATIENCE_MS] = [1_200, 2_500, 400_000];

/** A picture of the window and when it was taken, in milliseconds. */
interface Shot {
  readonly png: Buffer;
  readonly at: number;
}

const settings = {
  "workbench.activityBar.location": "hidden",
  "workbench.layoutControl.enabled": false,
  "window.commandCenter": false,
  "window.menuBarVisibility": "hidden",
  "breadcrumbs.enabled": false,
  "editor.fontSize": 15,
  "editor.cursorBlinking": "solid",
};
const fixture = await Fixture.start({ [NAME]: TEXT }, { model: "embedded", settings });
const { workbench } = fixture;
const { page } = workbench;

/** Each picture is shown until the next one was taken, if that was soon. */
function inRealTime(shots: readonly Shot[]): Frame[] {
  return shots.map(({ png, at }, index) => {
    const next = shots[index + 1]?.at ?? at + LAST_MS;
    return { png, milliseconds: Math.round(Math.min(next - at, LAST_MS)) };
  });
}

const picture = (): Promise<Buffer> => page.screenshot({ clip: CLIP });
const keep = (name: string, png: Buffer): void => writeFileSync(`${MEDIA}${name}.png`, png);

try {
  await workbench.openFile(NAME);
  await workbench.press("Control+b");
  await page.waitForSelector('.statusbar-item[aria-label*="embedded: ready"]', { timeout: PATIENCE_MS });
  await workbench.select(TEXT, PIECE);
  await workbench.press("Control+;", "r");
  await workbench.quickInput(INSTRUCTION);
  await page.waitForSelector(`.quick-input-list .focused:has-text("${INSTRUCTION}")`);
  keep("prompt", await picture());
  await workbench.press("Escape");
  await page.waitForSelector(".quick-input-widget", { state: "hidden" });
  const shots: Shot[] = [];
  const shoot = async (): Promise<Buffer> => {
    const png = await picture();
    if (shots[shots.length - 1]?.png.equals(png) !== true) {
      shots.push({ png, at: performance.now() });
    }
    return png;
  };
  await shoot();
  await page.waitForTimeout(FIRST_MS);
  await workbench.press("Control+;", "i");
  const accept = '.codelens-decoration:has-text("Accept")';
  let waiting = true;
  const proposed = page.waitForSelector(accept, { timeout: PATIENCE_MS }).finally(() => (waiting = false));
  while (waiting) {
    const drawn = await workbench.drawn();
    const png = await shoot();
    if (/\w[^]*▒/.test(drawn) && drawn === (await workbench.drawn())) {
      keep("draft", png);
    }
  }
  await proposed;
  keep("proposal", await shoot());
  await page.waitForTimeout(LAST_MS);
  const before = await workbench.text();
  await workbench.press("Control+Enter");
  await page.waitForSelector(".codelens-decoration", { state: "detached" });
  await shoot();
  keep("recording", animated(inRealTime(shots)));
  assert.notEqual(await workbench.text(), before, "the edit is there");
  await workbench.command("Instant Edit: Doctor");
  await workbench.untilShown(".editor-instance", "Where the server was looked for", PATIENCE_MS);
  await workbench.press("Control+Home");
  keep("doctor", await picture());
  await page.setContent(`<body style="margin:0">${readFileSync(`${MEDIA}icon.svg`, "utf8")}`);
  const clip = { x: 0, y: 0, width: 128, height: 128 };
  keep("icon", await page.screenshot({ clip, omitBackground: true }));
} finally {
  await fixture.stop();
}
