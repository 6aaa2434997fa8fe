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

/** The entries for what is typed so far; no title stands there twice. */
export function choices(
  typed: string,
  kinds: readonly Kind[],
  past: readonly string[],
): Choice[] {
  const all: Choice[] = [
    instructed("typed", typed.trim()),
    // The kind "rewrite" is this box itself.
    ...kinds.filter((kind) => kind.id !== "rewrite").map(ofKind),
    ...past.map((instruction) => instructed("past", instruction)),
  ];
  const seen = new Set([""]);
  return all.filter(({ title }) => {
    const fresh = !seen.has(title);
    seen.add(title);
    return fresh;
  });
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
