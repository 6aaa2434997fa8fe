"""The code action "Fill this span": offered at once, computed only when it is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from instant_edit import languages
from instant_edit.errors import LanguageError
from instant_edit.lsp import edits
from instant_edit.lsp.protocol import EditParams
from instant_edit.lsp.reading import FieldError

if TYPE_CHECKING:
    from instant_edit.lsp.server import InstantEditServer

KIND = "refactor.rewrite.instantEdit"
TITLE = "Fill this span"


def offer(ls: InstantEditServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """The action for this range, without its edit; nothing is computed here."""
    document = ls.documents.get(params.text_document.uri)
    if document is None or not _resolvable(ls.client_capabilities) or not _wanted(params):
        return []
    try:
        languages.get(document.language)
    except LanguageError:
        return []
    data = {
        "textDocument": {"uri": document.uri, "version": document.version},
        "range": {"start": _json(params.range.start), "end": _json(params.range.end)},
    }
    return [types.CodeAction(title=TITLE, kind=KIND, data=data, tags=_tags(ls.client_capabilities))]


async def resolve(ls: InstantEditServer, action: types.CodeAction) -> types.CodeAction:
    """The same action with its edit; where nothing validates, the user is told why."""
    try:
        params = EditParams.parse(action.data, "data")
    except FieldError as error:
        raise JsonRpcInvalidParams(str(error)) from error
    answer = await edits.compute(ls, params, create_progress=True)
    if not answer.verdict.ok:
        reasons = "; ".join(finding.message for finding in answer.verdict.findings)
        ls.show(types.MessageType.Warning, f"No edit: nothing passed validation. {reasons}")
    elif answer.edit is None:
        ls.show(types.MessageType.Info, "No edit: the span would stay as it is.")
    return attrs.evolve(action, edit=answer.edit)


def _wanted(params: types.CodeActionParams) -> bool:
    """Whether the client asks for this kind, and not merely because the cursor moved."""
    only = params.context.only
    if only is not None:
        kinds = [kind.value if isinstance(kind, types.CodeActionKind) else kind for kind in only]
        return any(kind in ("", KIND) or KIND.startswith(f"{kind}.") for kind in kinds)
    automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    return not automatic or params.range.start != params.range.end


def _resolvable(capabilities: types.ClientCapabilities) -> bool:
    """A client that cannot resolve lazily would need the edit now: it is offered nothing."""
    documents = capabilities.text_document
    support = documents.code_action if documents else None
    if support is None or not support.code_action_literal_support or not support.data_support:
        return False
    return support.resolve_support is not None and "edit" in support.resolve_support.properties


def _tags(capabilities: types.ClientCapabilities) -> list[types.CodeActionTag] | None:
    documents = capabilities.text_document
    support = documents.code_action.tag_support if documents and documents.code_action else None
    known = support is not None and types.CodeActionTag.LlmGenerated in support.value_set
    return [types.CodeActionTag.LlmGenerated] if known else None


def _json(position: types.Position) -> dict[str, int]:
    return {"line": position.line, "character": position.character}
