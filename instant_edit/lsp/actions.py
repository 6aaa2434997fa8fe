"""The code actions: offered at once, computed only when one is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from instant_edit import edit_kinds, languages
from instant_edit.errors import LanguageError
from instant_edit.lsp import edits, kind_actions
from instant_edit.lsp.answers import to_answer
from instant_edit.lsp.commands import tell_why_not
from instant_edit.lsp.protocol import EditParams, KindAnswer
from instant_edit.reading import FieldError
from instant_edit.request import Span

if TYPE_CHECKING:
    from instant_edit.lsp.documents import Document
    from instant_edit.lsp.server import InstantEditServer
    from instant_edit.text import PositionEncoding

KIND = "refactor.rewrite.instantEdit"
QUICK_FIX = types.CodeActionKind.QuickFix.value
FILL = KindAnswer("fill", "Fill this span")
REWRITE = KindAnswer("rewrite", "Rewrite…")
TITLE_MESSAGE = 60  # characters of a diagnostic's message in a title


def kinds() -> list[KindAnswer]:
    """What a client may list: the two that are always there, and those measured to be good."""
    measured = (kind for kind in edit_kinds.all_kinds() if edit_kinds.is_offered(kind))
    return [FILL, REWRITE, *(KindAnswer(kind.id, kind.title) for kind in measured)]


def offer(ls: InstantEditServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """The actions for this range, without their edits; nothing is computed here."""
    document = ls.documents.get(params.text_document.uri)
    if document is None or not _resolvable(ls.client_capabilities) or not editable(document):
        return []
    found: list[types.CodeAction] = []
    chosen = ls.settings.code_actions
    if "fill" in chosen and _wanted(params, f"{KIND}.fill") and not _passing(params):
        found.append(_fill(document, params.range))
    if "rewrite" in chosen and _wanted(params, f"{KIND}.rewrite") and not _passing(params):
        found += _rewrite(document, params.range, ls.settings.rewrite_command)
    if "kinds" in chosen and not _passing(params):
        found += _of_kinds(document, params, ls.encoding)
    if "quickfix" in chosen and _wanted(params, QUICK_FIX):
        for diagnostic in params.context.diagnostics:
            found += _quick_fix(document, diagnostic, ls.encoding)
    tags = _tags(ls.client_capabilities)
    return [attrs.evolve(action, tags=tags) for action in found]


async def resolve(ls: InstantEditServer, action: types.CodeAction) -> types.CodeAction:
    """The same action with its edit; where nothing validates, the user is told why."""
    if action.data is None and action.command is not None:
        return action
    try:
        params = EditParams.parse(action.data, "data")
    except FieldError as error:
        raise JsonRpcInvalidParams(str(error)) from error
    answer = to_answer(await edits.compute(ls, params, create_progress=True), ls.form)
    tell_why_not(ls, answer)
    return attrs.evolve(action, edit=answer.edit)


def editable(document: Document) -> bool:
    """Whether there is a grammar for the document's language."""
    try:
        languages.get(document.language)
    except LanguageError:
        return False
    return True


def _fill(document: Document, range_: types.Range) -> types.CodeAction:
    return types.CodeAction(FILL.title, kind=f"{KIND}.fill", data=_data(document, range_))


def _rewrite(
    document: Document, range_: types.Range, command: str | None
) -> list[types.CodeAction]:
    """Only the client can ask for an instruction, so its own command does the rest."""
    if command is None or range_.start == range_.end:
        return []
    arguments = [_data(document, range_)]
    return [
        types.CodeAction(
            REWRITE.title,
            kind=f"{KIND}.rewrite",
            command=types.Command(REWRITE.title, command, arguments=arguments),
        )
    ]


def _of_kinds(
    document: Document, params: types.CodeActionParams, encoding: PositionEncoding
) -> list[types.CodeAction]:
    """An action for each kind of edit that has a place in the lines of the range."""
    first, last = params.range.start.line, params.range.end.line
    if last >= document.source.line_count:
        return []
    wanted = [
        kind
        for kind in edit_kinds.offered(document.language)
        if _wanted(params, f"{KIND}.{kind.id}")
    ]
    lines = Span(document.source.line_span(first).start, document.source.line_span(last).end)
    return [
        types.CodeAction(
            kind.title,
            kind=f"{KIND}.{kind.id}",
            data=_data(
                document,
                document.range(place, encoding),
                instruction=kind.asked(document.source.text[place.start : place.end]),
                mode="rewrite",
            ),
        )
        for kind, place in kind_actions.places(document, lines, wanted)
    ]


def _quick_fix(
    document: Document, diagnostic: types.Diagnostic, encoding: PositionEncoding
) -> list[types.CodeAction]:
    where = _place(document, diagnostic.range, encoding)
    message = " ".join(diagnostic.message.split())
    if where is None or not message:
        return []
    short = message if len(message) <= TITLE_MESSAGE else message[: TITLE_MESSAGE - 1] + "…"
    data = _data(document, where, instruction=message, mode="rewrite")
    title = f"Instant edit: {short}"
    return [types.CodeAction(title, kind=QUICK_FIX, diagnostics=[diagnostic], data=data)]


def _place(
    document: Document, range_: types.Range, encoding: PositionEncoding
) -> types.Range | None:
    """What a diagnostic points at, its line where that is empty; None where it is outdated."""
    if range_.end.line >= document.source.line_count:
        return None
    if range_.start != range_.end:
        return range_
    return document.range(document.source.line_span(range_.start.line), encoding)


def _data(document: Document, range_: types.Range, **more: str) -> dict[str, Any]:
    """Params of ``instantEdit/edit``."""
    return {
        "textDocument": {"uri": document.uri, "version": document.version},
        "range": {"start": _json(range_.start), "end": _json(range_.end)},
        **more,
    }


def _wanted(params: types.CodeActionParams, kind: str) -> bool:
    """Whether the client asks for this kind."""
    only = params.context.only
    if only is None:
        return True
    kinds = [one.value if isinstance(one, types.CodeActionKind) else one for one in only]
    return any(one in ("", kind) or kind.startswith(f"{one}.") for one in kinds)


def _passing(params: types.CodeActionParams) -> bool:
    """Whether the client asks merely because the cursor moved."""
    automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    at_cursor = params.range.start == params.range.end
    return params.context.only is None and automatic and at_cursor


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
