/** A draft as rows of runs: what stands on each line, and how sure the model is of it. */

import { OPEN_SLOT, type Piece } from "./contract.ts";

/** `open` is not written yet, `new` is what passed the gate. */
export type Level = "open" | "doubtful" | "sure" | "new";

/** Characters of one line that look alike. */
export interface Run {
  readonly text: string;
  readonly level: Level;
}

/** One line. */
export type Row = readonly Run[];

/** Runs a line may have; what goes beyond is joined, at its least sure level. */
export const MAX_RUNS = 24;
const ORDER: readonly Level[] = ["open", "doubtful", "sure", "new"];
const NO_BREAK_SPACE = "\u00a0";

/** The rows of a draft; a token is doubtful below this confidence. */
export function draftRows(pieces: readonly Piece[], doubtfulBelow: number, tab: number): Row[] {
  const level = ({ text, confidence }: Piece): Level => {
    if (text !== "" && text.replaceAll(OPEN_SLOT, "") === "") {
      return "open";
    }
    return confidence < doubtfulBelow ? "doubtful" : "sure";
  };
  return rows(
    pieces.map((piece) => ({ text: piece.text, level: level(piece) })),
    tab,
  );
}

/** The rows of a text that passed the gate. */
export function newRows(text: string, tab: number): Row[] {
  return rows([{ text, level: "new" }], tab);
}

function rows(runs: readonly Run[], tab: number): Row[] {
  const found: Run[][] = [[]];
  for (const { text, level } of runs) {
    for (const [index, part] of text.split(/\r\n|\r|\n/).entries()) {
      if (index > 0) {
        found.push([]);
      }
      append(found[found.length - 1] as Run[], { text: visible(part, tab), level });
    }
  }
  return found.map(limited);
}

/** Blanks at the ends of attached text would collapse: a browser keeps only hard ones. */
function visible(text: string, tab: number): string {
  return text.replaceAll("\t", " ".repeat(tab)).replaceAll(" ", NO_BREAK_SPACE);
}

function append(row: Run[], run: Run): void {
  const last = row[row.length - 1];
  if (run.text === "") {
    return;
  }
  if (last?.level === run.level) {
    row[row.length - 1] = { text: last.text + run.text, level: run.level };
  } else {
    row.push(run);
  }
}

function limited(row: readonly Run[]): Row {
  if (row.length <= MAX_RUNS) {
    return row;
  }
  const rest = row.slice(MAX_RUNS - 1);
  const level = ORDER.find((candidate) => rest.some((run) => run.level === candidate)) ?? "open";
  return [...row.slice(0, MAX_RUNS - 1), { text: rest.map((run) => run.text).join(""), level }];
}
