/// <reference lib="dom" />
/** VS Code's window as a person sees and uses it. */

import { existsSync } from "node:fs";

import { chromium, type Browser, type Page } from "playwright-core";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const LINES = ".editor-instance .view-line, .notebookOverlay .view-line";
/** Nothing is asserted of time: this is only when to give up, on a machine that is very busy. */
const PATIENCE_MS = 180_000;
const SIZE = { width: 1000, height: 640 };

/** A window with a folder. */
export class Workbench {
  readonly page: Page;
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  /** Open a folder of a code-server. */
  static async open(url: string, folder: string): Promise<Workbench> {
    if (!existsSync(CHROMIUM)) {
      throw new Error(`no Chromium at ${CHROMIUM}: install Debian's chromium or set CHROMIUM`);
    }
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    const page = await browser.newPage({ viewport: SIZE });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${url}/?folder=${encodeURIComponent(folder)}`);
    await page.waitForSelector(".monaco-workbench .part.statusbar");
    return new Workbench(browser, page);
  }

  /** Close the window. */
  close(): Promise<void> {
    return this.#browser.close();
  }

  /** Press keys, one after the other. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  /** Open a file of the folder. */
  async openFile(name: string): Promise<void> {
    await this.press("Control+p");
    await this.quickInput(name);
    await this.page.waitForSelector(`.quick-input-list .monaco-list-row:has-text("${name}")`);
    await this.press("Enter");
    await this.page.waitForSelector(`.tab.active:has-text("${name}")`);
    await this.page.waitForSelector(LINES);
  }

  /** Run a command by its title. */
  async command(title: string): Promise<void> {
    await this.press("F1");
    await this.quickInput(`>${title}`);
    const label = this.page.locator(".label-name", { hasText: new RegExp(`^${title}$`, "u") });
    const row = this.page.locator(".quick-input-list .monaco-list-row").filter({ has: label });
    await row.first().click();
  }

  /** Write into the open quick input. */
  async quickInput(text: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input.input");
    await input.waitFor({ state: "visible" });
    await input.fill(text);
  }

  /** Select the first occurrence of a piece of the document's text. */
  async select(text: string, piece: string): Promise<void> {
    const before = text.slice(0, text.indexOf(piece)).split("\n");
    await this.goTo(before.length, (before[before.length - 1] ?? "").length + 1);
    for (let moves = 0; moves < piece.length; moves++) {
      await this.press("Shift+ArrowRight");
    }
    await this.page.waitForSelector(`.statusbar-item:has-text("(${piece.length} selected)")`);
  }

  /** Put the cursor at a place, counted from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.press("Control+g");
    await this.quickInput(`:${line}:${column}`);
    await this.press("Enter");
    const place = `Ln ${line}, Col ${column}`;
    await this.page.waitForSelector(`.statusbar-item:has-text("${place}")`);
  }

  /** The text of the editor's lines, as the document has it: without what is drawn over it. */
  text(): Promise<string> {
    return this.page.evaluate((selector) => {
      const lines = [...document.querySelectorAll<HTMLElement>(selector)];
      lines.sort((one, other) => Number.parseFloat(one.style.top) - Number.parseFloat(other.style.top));
      return lines.map((line) => (line.textContent ?? "").replaceAll("\u00a0", " ")).join("\n");
    }, LINES);
  }

  /** What is drawn over the text, line by line. */
  async drawn(): Promise<string> {
    return (await this.page.evaluate(drawnText, { selector: LINES, pattern: "" })) ?? "";
  }

  /** Wait until what is drawn matches; it is given back. */
  async untilDrawn(pattern: RegExp): Promise<string> {
    const wanted = { selector: LINES, pattern: pattern.source };
    const handle = await this.page.waitForFunction(drawnText, wanted);
    return (await handle.jsonValue()) ?? "";
  }

  /** Wait for text in a part of the window. */
  async untilShown(part: string, text: string, timeout = PATIENCE_MS): Promise<void> {
    await this.page.waitForSelector(`${part}:has-text("${text}")`, { timeout });
  }

  /** Whether the active file has changes that are not saved. */
  dirty(): Promise<boolean> {
    return this.page.locator(".tab.active.dirty").count().then((count) => count > 0);
  }
}

/** Runs in the page: attachments are the content of pseudo-elements. Null where it does not match. */
function drawnText(wanted: { selector: string; pattern: string }): string | null {
  const lines = [...document.querySelectorAll<HTMLElement>(wanted.selector)];
  lines.sort((one, other) => Number.parseFloat(one.style.top) - Number.parseFloat(other.style.top));
  const content = (element: Element): string => {
    const value = getComputedStyle(element, "::before").content;
    return value === "none" || value === "normal" ? "" : value.slice(1, -1);
  };
  const drawn = lines.map((line) => [...line.querySelectorAll('[class*="ced-"]')].map(content));
  const text = drawn.map((parts) => parts.join("").replaceAll("\u00a0", " ")).join("\n");
  return new RegExp(wanted.pattern, "u").test(text) ? text : null;
}
