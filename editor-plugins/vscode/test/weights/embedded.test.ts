import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { documentEdits } from "../../src/logic/guard.ts";
import { applied, slice } from "../../src/logic/text.ts";
import { REAL_SERVER, ROOT, Session } from "../client/session.ts";
import { span } from "../unit/places.ts";

const PIECE = "pass";

test("the embedded model's edit is guarded, drawn and the same each time", async () => {
  const session = await Session.start(REAL_SERVER);
  try {
    const text = readFileSync(`${ROOT}fixtures/inventory.py`, "utf8");
    const document = await session.show("file:///inventory.py", text);
    const params = {
      textDocument: { uri: document.uri, version: document.version },
      ranges: [span(text, PIECE)],
      candidates: 4,
      seed: 0,
    };
    const first = await session.edit({ ...params, draftToken: "first" });
    const second = await session.edit({ ...params, draftToken: "second" });
    assert.deepEqual([first.edit, first.verdict], [second.edit, second.verdict]);
    assert.ok(session.drafts.some((draft) => draft.draftToken === "first" && draft.masked > 0));
    assert.deepEqual(session.models.map((model) => model.state).slice(0, 2), ["loading", "ready"]);
    for (const { edits } of first.edit === null ? [] : documentEdits(first.edit)) {
      const after = applied(text, edits);
      const [before, behind] = text.split(PIECE) as [string, string];
      assert.ok(after.startsWith(before) && after.endsWith(behind), "only the span may change");
      assert.ok(edits.every(({ range }) => PIECE.includes(slice(text, range))));
    }
  } finally {
    assert.equal(await session.close(), 0);
  }
});
