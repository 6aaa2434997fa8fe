import assert from "node:assert/strict";
import { test } from "node:test";

import { documentEdits, refusal, type Snapshot } from "../../src/logic/guard.ts";
import { span } from "./places.ts";

const URI = "file:///a.py";
const TEXT = "a = 1\nb = 2\n";
const EDIT = {
  documentChanges: [
    { textDocument: { uri: URI, version: 3 }, edits: [{ range: span(TEXT, "2"), newText: "3" }] },
  ],
};

function judged(asked?: Partial<Snapshot>, now?: Partial<Snapshot>, edit: object = EDIT): unknown {
  const basis = { uri: URI, version: 3, text: TEXT };
  return refusal(
    documentEdits(edit),
    (uri) => (uri === URI ? { ...basis, ...asked } : undefined),
    (uri) => (uri === URI ? { ...basis, ...now } : undefined),
  );
}

test("an edit of the version and the text that it was made for may be applied", () => {
  assert.equal(judged(), undefined);
});

test("an edit for another version is refused", () => {
  assert.deepEqual(judged({}, { version: 4 }), { why: "version", uri: URI, made: 3, now: 4 });
  assert.deepEqual(judged({ version: 2 }), { why: "version", uri: URI, made: 3, now: 3 });
});

test("an edit over text that differs is refused, though the version is the same", () => {
  const refused = judged({}, { text: "a = 1\nb = 7\n" });
  assert.deepEqual(refused, { why: "text", uri: URI, range: span(TEXT, "2") });
});

test("text that differs elsewhere does not matter", () => {
  assert.equal(judged({}, { text: "z = 1\nb = 2\n" }), undefined);
});

test("an edit without a version, or of another document, is refused", () => {
  const [change] = EDIT.documentChanges;
  assert.deepEqual(judged({}, {}, { changes: { [URI]: change?.edits } }), {
    why: "unversioned",
    uri: URI,
  });
  const other = { textDocument: { uri: "file:///b.py", version: 3 }, edits: [] };
  assert.deepEqual(judged({}, {}, { documentChanges: [change, other] }), {
    why: "unknown",
    uri: "file:///b.py",
  });
});

test("renaming and deleting files, and snippets, are not taken", () => {
  assert.throws(() => documentEdits({ documentChanges: [{ kind: "delete", uri: URI }] }), /delete/);
  const snippet = { range: span(TEXT, "2"), snippet: { kind: "snippet" as const, value: "$1" } };
  const textDocument = { uri: URI, version: 3 };
  assert.throws(
    () => documentEdits({ documentChanges: [{ textDocument, edits: [snippet] }] }),
    /snippet/,
  );
});
