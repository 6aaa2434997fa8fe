/** What the input box offers: what is typed, the kinds that the model has learnt, and the past. */

import type { Kind, Mode } from "./contract.ts";

/** What a user wants done with a span; without an instruction it is hidden and written anew. */
export interface Wish {
  readonly mode: Mode;
  readonly instruction?: string;
}

/** One entry of the list. */
export interface Choice {
  readonly from: "typed" | "kind" | "past";
  readonly title: string;
  readonly wish: Wish;
}

/**
 * The entries for what is typed so far. That itself always comes first, and what follows does not
 * depend on it: an editor names an entry by its place, so a place must not change its meaning
 * between two keys.
 */
export function choices(
  typed: string,
  kinds: readonly Kind[],
  past: readonly string[],
): Choice[] {
  // The kind "rewrite" is this box itself.
  const offered = kinds.filter((kind) => kind.id !== "rewrite").map(ofKind);
  const titles = new Set(offered.map(({ title }) => title));
  const fresh = past.filter((instruction) => !titles.has(instruction));
  return [
    instructed("typed", typed.trim()),
    ...offered,
    ...fresh.map((instruction) => instructed("past", instruction)),
  ];
}

function ofKind(kind: Kind): Choice {
  if (kind.id === "fill") {
    return { from: "kind", title: kind.title, wish: { mode: "fill" } };
  }
  return instructed("kind", kind.title);
}

function instructed(from: Choice["from"], instruction: string): Choice {
  return { from, title: instruction, wish: { mode: "rewrite", instruction } };
}
