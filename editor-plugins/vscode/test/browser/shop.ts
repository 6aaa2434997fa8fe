/** A window on one small file, for the tests that rewrite it. */

import assert from "node:assert/strict";
import { after, afterEach } from "node:test";

import { Fixture, type Options } from "./fixture.ts";
import type { Workbench } from "./workbench.ts";

export const NAME = "shop.py";
export const TEXT = `def total(prices):
    result = 0
    for price in prices:
        result += price
    return result


def show(prices):
    value = total(prices)
    print(value)
    return value
`;
export const BODY = /result = 0[^]*?return result/.exec(TEXT)?.[0] ?? "";
export const SUM = TEXT.replace(BODY, "return sum(prices)");
export const CALL = "print(value)";
/** What the instruction “hold” writes, when it is let. */
export const HELD = "return held + back + until + told + to + go";

/** The file in its window. */
export class Shop {
  readonly fixture: Fixture;
  readonly window: Workbench;

  private constructor(fixture: Fixture) {
    this.fixture = fixture;
    this.window = fixture.workbench;
  }

  /** Open it and wait for the server. */
  static async open(options: Options = {}): Promise<Shop> {
    const shop = new Shop(await Fixture.start({ [NAME]: TEXT }, options));
    await shop.window.openFile(NAME);
    await shop.window.untilShown(".statusbar", "scripted");
    return shop;
  }

  /** One for all tests of a file, as it was before each of them. */
  static async forFile(): Promise<Shop> {
    const shop = await Shop.open();
    afterEach((context) => shop.tidy(context));
    after(() => shop.fixture.stop());
    return shop;
  }

  /** Keep a picture of how a test ended, and have everything as it was before. */
  async tidy(context: object): Promise<void> {
    await this.fixture.shot("name" in context ? String(context.name) : "end");
    await this.window.press("Escape", "Escape", "Escape");
    this.fixture.tell("go", false);
    this.fixture.write(NAME, TEXT);
    await this.window.command("File: Revert File");
    await this.window.page.waitForFunction(() => document.querySelector(".tab.active.dirty") === null);
  }

  /** Say what to do with the first occurrence of a piece. */
  async rewrite(instruction: string, piece = BODY): Promise<void> {
    await this.window.select(TEXT, piece);
    await this.window.press("Control+;", "r");
    await this.window.quickInput(instruction);
    await this.window.page.waitForSelector(`.quick-input-list .focused:has-text("${instruction}")`);
    await this.window.press("Enter");
  }

  /** Wait until a proposal is shown. */
  async proposed(): Promise<void> {
    await this.window.untilShown(".codelens-decoration", "Accept");
  }

  /** Save, and see that this is what the document held. */
  async saves(text: string): Promise<void> {
    await this.window.page.waitForSelector(".tab.active.dirty");
    await this.window.press("Control+s");
    await this.window.page.waitForFunction(() => document.querySelector(".tab.active.dirty") === null);
    assert.equal(this.fixture.read(NAME), text);
  }

  /** See that neither the document nor the file differs from what it was. */
  async unchanged(): Promise<void> {
    assert.equal(await this.window.dirty(), false);
    assert.ok((await this.window.text()).startsWith(TEXT.trimEnd().split("\n", 5).join("\n")));
    assert.equal(this.fixture.read(NAME), TEXT);
  }

  /** Wait until nothing is drawn over the text any more. */
  async blank(): Promise<void> {
    await this.window.untilDrawn(/^\s*$/);
  }

  /** Wait until a proposal is gone: the lenses of an old one may outlive what was drawn. */
  async gone(): Promise<void> {
    await this.window.page.waitForSelector(".codelens-decoration", { state: "detached" });
    await this.blank();
  }
}
