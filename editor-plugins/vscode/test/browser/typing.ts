/// <reference lib="dom" />
/**
 * Measures whether previews hold up typing: from a key to the text on the screen, in milliseconds,
 * at rest and while a draft is drawn. Run with `npm run bench`, alone on the machine.
 */

import { Fixture } from "./fixture.ts";

const TEXT = `${"# a line to type on\n".repeat(5)}
def total(prices):
    return prices
`;
const KEYS = "the quick brown fox jumps over";

declare global {
  interface Window {
    delays: number[];
  }
}

const fixture = await Fixture.start({ "shop.py": TEXT });
const { workbench } = fixture;
const { page } = workbench;

/** Type; the delays of all keys. */
async function typed(): Promise<number[]> {
  await workbench.goTo(1, 3);
  await page.evaluate(() => (window.delays = []));
  for (const key of KEYS) {
    await page.keyboard.type(key);
    await page.waitForTimeout(30);
  }
  return page.evaluate(() => window.delays);
}

function shown(name: string, delays: readonly number[]): void {
  const sorted = [...delays].sort((one, other) => one - other);
  const at = (part: number): string => {
    return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);
  };
  console.log(`${name}: ${sorted.length} keys, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms`);
}

try {
  await workbench.openFile("shop.py");
  await workbench.untilShown(".statusbar", "scripted");
  await page.evaluate(() => {
    let pressed = 0;
    window.delays = [];
    document.addEventListener("keydown", () => (pressed = performance.now()), true);
    const lines = document.querySelector(".editor-instance .view-lines") as Element;
    const observer = new MutationObserver(() => {
      if (pressed > 0) {
        window.delays.push(performance.now() - pressed);
        pressed = 0;
      }
    });
    observer.observe(lines, { subtree: true, childList: true, characterData: true });
  });
  await typed();
  shown("at rest", await typed());
  await workbench.goTo(7, 1);
  await workbench.select(`${await workbench.text()}`, "return prices");
  await workbench.press("Control+;", "r");
  await workbench.quickInput("at length");
  await page.waitForSelector('.quick-input-list .focused:has-text("at length")');
  await workbench.press("Enter");
  await workbench.untilDrawn(/▒/);
  const delays = await typed();
  const still = (await workbench.drawn()).includes("▒");
  shown(`while denoising (${still ? "to the end" : "which ended before"})`, delays);
  await workbench.command("Developer: Show Running Extensions");
  const row = page.locator(".runtime-extensions-editor .extension", { hasText: "Instant Edit" });
  console.log(`activation: ${(await row.locator(".activation-time").textContent()) ?? "?"}`);
} finally {
  await fixture.stop();
}
