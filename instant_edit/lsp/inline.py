"""``textDocument/inlineCompletion``: a fill at the cursor, when the user asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from instant_edit.lsp import edits
from instant_edit.lsp.actions import editable
from instant_edit.lsp.protocol import EditParams, Target

if TYPE_CHECKING:
    from instant_edit.lsp.server import InstantEditServer


async def complete(
    ls: InstantEditServer, params: types.InlineCompletionParams
) -> types.InlineCompletionList:
    """At most one item: a text without a line end, as inline completions must be.

    Nothing is computed while the user merely types.
    """
    document = ls.documents.get(params.text_document.uri)
    invoked = params.context.trigger_kind == types.InlineCompletionTriggerKind.Invoked
    if not invoked or document is None or not editable(document):
        return types.InlineCompletionList([])
    here = types.Range(params.position, params.position)
    target = Target(document.uri, document.version, (here,))
    asked = EditParams((target,), mode="fill", work_done_token=params.work_done_token)
    computed = await edits.compute(ls, asked)
    # The answer has no version: for a document that moved on it would land anywhere.
    if not computed.changed or ls.documents.get(document.uri) is not document:
        return types.InlineCompletionList([])
    text = computed.changed[0].edits[0].text
    items = [] if "\n" in text or "\r" in text else [types.InlineCompletionItem(text, range=here)]
    return types.InlineCompletionList(items)
