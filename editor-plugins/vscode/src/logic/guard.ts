/** Whether an edit may be applied: only to the version, and over the text, that it was made for. */

import type { Range, WorkspaceEdit } from "./contract.ts";
import { slice, type Change } from "./text.ts";

/** A document as it was when an edit was asked for, or as it is now. */
export interface Snapshot {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
}

/** The edits of one document in a `WorkspaceEdit`. */
export interface DocumentEdit {
  readonly uri: string;
  readonly version: number | null;
  readonly edits: readonly Change[];
}

/** Why an edit is refused. */
export type Refusal =
  | { readonly why: "unversioned"; readonly uri: string }
  | { readonly why: "unknown"; readonly uri: string }
  | { readonly why: "version"; readonly uri: string; readonly made: number; readonly now: number }
  | { readonly why: "text"; readonly uri: string; readonly range: Range };

/** The text edits of each document; whatever else a `WorkspaceEdit` may hold throws. */
export function documentEdits(edit: WorkspaceEdit): DocumentEdit[] {
  if (edit.changes !== undefined) {
    const uris = Object.keys(edit.changes);
    return uris.map((uri) => ({ uri, version: null, edits: changes(edit.changes?.[uri] ?? []) }));
  }
  return (edit.documentChanges ?? []).map((change) => {
    if (!("textDocument" in change)) {
      throw new Error(`the server asks to ${change.kind} a file; only text edits are accepted`);
    }
    const { uri, version } = change.textDocument;
    return { uri, version, edits: changes(change.edits) };
  });
}

/** The first reason not to apply `edit`, or undefined where there is none. */
export function refusal(
  edit: readonly DocumentEdit[],
  asked: (uri: string) => Snapshot | undefined,
  now: (uri: string) => Snapshot | undefined,
): Refusal | undefined {
  for (const { uri, version, edits } of edit) {
    const before = asked(uri);
    const current = now(uri);
    if (version === null) {
      return { why: "unversioned", uri };
    }
    if (before === undefined || current === undefined) {
      return { why: "unknown", uri };
    }
    if (version !== current.version || version !== before.version) {
      return { why: "version", uri, made: version, now: current.version };
    }
    const moved = edits.find(({ range }) => slice(before.text, range) !== slice(current.text, range));
    if (moved !== undefined) {
      return { why: "text", uri, range: moved.range };
    }
  }
  return undefined;
}

function changes(edits: readonly object[]): Change[] {
  return edits.map((edit) => {
    const { range, newText } = edit as { range: Range; newText?: string };
    if (typeof newText !== "string") {
      throw new Error("the server sent a snippet; only plain text edits are accepted");
    }
    return { range, text: newText };
  });
}
