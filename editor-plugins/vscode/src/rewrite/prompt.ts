/** The input box: asks what is to be done, and remembers what was typed. */

import * as vscode from "vscode";

import { choices, type Choice, type Wish } from "../logic/choices.ts";
import type { Kind } from "../logic/contract.ts";
import { remember } from "../logic/history.ts";

const HISTORY = "instantEdit.history";
const ICONS: Record<Choice["from"], string> = { typed: "pencil", kind: "zap", past: "history" };

type Item = vscode.QuickPickItem & Pick<Choice, "from" | "wish">;

/** Asks for instructions; `memory` keeps those of the past. */
export class Prompt {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** Ask; undefined where the user turns away. */
  async ask(kinds: readonly Kind[], spans: number): Promise<Wish | undefined> {
    const box = vscode.window.createQuickPick<Item>();
    box.title = vscode.l10n.t("Instant Edit: Rewrite Selection");
    box.placeholder =
      spans === 1
        ? vscode.l10n.t("What is to be done with the selection?")
        : vscode.l10n.t("What is to be done with the {0} selections, together?", spans);
    const offer = (): void => {
      box.items = choices(box.value, kinds, this.#past).map(asItem);
    };
    box.onDidChangeValue(offer);
    offer();
    try {
      const wish = await chosen(box);
      if (wish?.instruction !== undefined) {
        await this.#memory.update(HISTORY, remember(this.#past, wish.instruction));
      }
      return wish;
    } finally {
      box.dispose();
    }
  }

  /** Forget what was typed. */
  async forget(): Promise<void> {
    await this.#memory.update(HISTORY, undefined);
  }

  get #past(): string[] {
    return this.#memory.get<string[]>(HISTORY, []);
  }
}

function chosen(box: vscode.QuickPick<Item>): Promise<Wish | undefined> {
  return new Promise((resolve) => {
    box.onDidAccept(() => {
      const wish = wished(box);
      if (wish !== undefined) {
        resolve(wish);
      }
    });
    box.onDidHide(() => resolve(undefined));
    box.show();
  });
}

/** What is typed counts as it is now: the list may be behind it. Undefined while there is nothing. */
function wished(box: vscode.QuickPick<Item>): Wish | undefined {
  const [picked] = box.selectedItems;
  const instruction = box.value.trim();
  if (picked !== undefined && picked.from !== "typed") {
    return picked.wish;
  }
  return instruction === "" ? undefined : { mode: "rewrite", instruction };
}

function asItem({ from, title, wish }: Choice): Item {
  return {
    label: title === "" ? vscode.l10n.t("type what is to be done, or choose") : title,
    iconPath: new vscode.ThemeIcon(ICONS[from]),
    from,
    wish,
    alwaysShow: from === "typed",
  };
}
