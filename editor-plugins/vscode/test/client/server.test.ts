import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CancellationTokenSource } from "vscode-languageserver-protocol";

import {
  ACTION_KIND,
  CANCELLED,
  CONTENT_MODIFIED,
  PROTOCOL,
  STATUS,
  type EditParams,
  type Status,
} from "../../src/logic/contract.ts";
import { documentEdits, refusal, type DocumentEdit, type Snapshot } from "../../src/logic/guard.ts";
import { draftRows } from "../../src/logic/rows.ts";
import { applied, compare } from "../../src/logic/text.ts";
import { supported } from "../../src/logic/versions.ts";
import { span } from "../unit/places.ts";
import { SCRIPTED_SERVER, Session } from "./session.ts";

const TEXT = "def area(w, h):\n    größe = '🦀' + w * h\n    return größe\n";
let session: Session;
let opened = 0;

before(async () => {
  session = await Session.start(SCRIPTED_SERVER);
});

after(async () => {
  assert.equal(await session.close(), 0);
});

/** A new document. */
function open(text = TEXT): Promise<Snapshot> {
  return session.show(`file:///work%20space/client${++opened}.py`, text);
}

/** Params for pieces of a document; the instruction tells the scripted model what to write. */
function asking(document: Snapshot, pieces: string[], script?: object): EditParams {
  return {
    textDocument: { uri: document.uri, version: document.version },
    ranges: pieces.map((piece) => span(document.text, piece)),
    ...(script && { instruction: JSON.stringify(script) }),
  };
}

/** Apply an answer as the extension does: only where the guard lets it. */
function accept(parts: readonly DocumentEdit[], asked: Snapshot): string {
  const now = (uri: string) => session.document(uri);
  assert.equal(refusal(parts, (uri) => (uri === asked.uri ? asked : undefined), now), undefined);
  return applied(asked.text, parts.flatMap((part) => part.edits));
}

test("the server speaks our protocol and has a version that we take", async () => {
  const status = await session.connection.sendRequest<Status>(STATUS);
  assert.equal(status.protocol, PROTOCOL);
  assert.ok(supported(status.version), status.version);
  assert.ok(status.kinds.some((kind) => kind.id === "fill"));
  assert.equal(session.initialized.capabilities.positionEncoding, "utf-16");
});

test("an answer replaces the span, behind an emoji too, and nothing else", async () => {
  const document = await open();
  const { edit, verdict } = await session.edit(asking(document, ["w * h"], { texts: ["h * w"] }));
  assert.ok(verdict.ok && edit);
  assert.equal(accept(documentEdits(edit), document), TEXT.replace("w * h", "h * w"));
});

test("several spans come back as one edit", async () => {
  const document = await open();
  const script = { texts: ["w - h", "None"] };
  const { edit } = await session.edit(asking(document, ["w * h", "größe\n"], script));
  assert.ok(edit);
  const parts = documentEdits(edit);
  assert.equal(parts.length, 1);
  const expected = TEXT.replace("w * h", "w - h").replace("return größe", "return None");
  assert.equal(accept(parts, document), expected);
});

test("drafts show the span step by step until nothing is open", async () => {
  const document = await open();
  const draftToken = "rewrite-1/0";
  const params = asking(document, ["w * h"], { texts: ["(w + 1) * (h + 1) * scale(w)"] });
  const { edit } = await session.edit({ ...params, draftToken });
  assert.ok(edit);
  const drafts = session.drafts.filter((draft) => draft.draftToken === draftToken);
  assert.ok(drafts.length > 1);
  for (const { step, drafts: [draft] } of drafts) {
    assert.ok(draft && step > 0);
    assert.deepEqual(draft.textDocument, { uri: document.uri, version: document.version });
    assert.equal(draft.text, draft.pieces.map((piece) => piece.text).join(""));
    const wanted = span(TEXT, "w * h");
    assert.ok(compare(draft.range.start, wanted.start) <= 0);
    assert.ok(compare(draft.range.end, wanted.end) >= 0);
  }
  const levels = drafts.map(({ drafts: [draft] }) => {
    return new Set(draftRows(draft?.pieces ?? [], 0.01, 4).flat().map((run) => run.level));
  });
  assert.ok(levels[0]?.has("open"));
  assert.deepEqual([...(levels[levels.length - 1] ?? [])], ["sure"]);
});

test("without a token there are no drafts", async () => {
  const before = session.drafts.length;
  await session.edit(asking(await open(), ["w * h"], { texts: ["w"] }));
  assert.equal(session.drafts.length, before);
});

test("cancelling is answered as cancelled, and the next request is served", async () => {
  const document = await open();
  const source = new CancellationTokenSource();
  const draftToken = "held";
  const held = session.edit({ ...asking(document, ["w * h"], { hold: true }), draftToken }, source);
  const answer = assert.rejects(held, { code: CANCELLED });
  await session.until(() => session.drafts.some((draft) => draft.draftToken === draftToken));
  source.cancel();
  await answer;
  assert.ok((await session.edit(asking(document, ["w * h"], { texts: ["w"] }))).edit);
});

test("a change of the span while it is denoised gives no edit for the old text", async () => {
  const document = await open();
  const draftToken = "stale";
  const held = session.edit({ ...asking(document, ["w * h"], { hold: true }), draftToken });
  const answer = assert.rejects(held, { code: CONTENT_MODIFIED });
  await session.until(() => session.drafts.some((draft) => draft.draftToken === draftToken));
  await session.show(document.uri, TEXT.replace("w * h", "w ** h"));
  await answer;
});

test("an answer that comes when the text has moved on is refused by the guard", async () => {
  const document = await open();
  const { edit } = await session.edit(asking(document, ["w * h"], { texts: ["h"] }));
  assert.ok(edit);
  const now = await session.show(document.uri, `# new\n${TEXT}`);
  const refused = refusal(documentEdits(edit), () => document, () => now);
  assert.deepEqual(refused, { why: "version", uri: document.uri, made: 1, now: 2 });
});

test("what does not parse is no edit, and the finding says where", async () => {
  const document = await open();
  const { edit, verdict } = await session.edit(asking(document, ["w * h"], { texts: ["w * ("] }));
  assert.deepEqual([edit, verdict.ok], [null, false]);
  assert.equal(verdict.findings[0]?.position.line, 1);
});

test("code actions carry what the extension needs to show their edit first", async () => {
  const document = await open();
  const range = span(document.text, "w * h");
  const actions = await session.connection.sendRequest<
    { kind: string; data?: EditParams; command?: { command: string } }[]
  >("textDocument/codeAction", {
    textDocument: { uri: document.uri },
    range,
    context: { diagnostics: [], only: [ACTION_KIND] },
  });
  const fill = actions.find((action) => action.kind === `${ACTION_KIND}.fill`);
  const { uri, version } = document;
  assert.deepEqual(fill?.data, { textDocument: { uri, version }, range });
  const rewrite = actions.find((action) => action.kind === `${ACTION_KIND}.rewrite`);
  assert.equal(rewrite?.command?.command, "instantEdit.rewrite");
});
