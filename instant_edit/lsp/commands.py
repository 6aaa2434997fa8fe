"""``workspace/executeCommand`` ``instantEdit.edit``: for clients that know nothing else.

The edit is computed as for ``instantEdit/edit``, sent with ``workspace/applyEdit``, and then
looked for in the document.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import attrs
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.uris import to_fs_path

from instant_edit.lsp import edits
from instant_edit.lsp.answers import LABEL, to_answer
from instant_edit.lsp.arrivals import Arrival, Expected
from instant_edit.lsp.protocol import EDIT_COMMAND, CommandAnswer, EditAnswer, EditParams
from instant_edit.reading import FieldError

if TYPE_CHECKING:
    from instant_edit.lsp.answers import Computed
    from instant_edit.lsp.server import InstantEditServer

THINKING = 20  # times the patience, where the editor asks its user to confirm


async def edit(ls: InstantEditServer, params: types.ExecuteCommandParams) -> CommandAnswer:
    """Compute an edit, have the client apply it, and see whether it did."""
    computed = await edits.compute(ls, _params(params), create_progress=True)
    answer = to_answer(computed, ls.form)
    tell_why_not(ls, answer)
    applied = await _applied(ls, computed, answer.edit) if answer.edit is not None else None
    return CommandAnswer(applied, answer.verdict, answer.stats, answer.model)


def tell_why_not(ls: InstantEditServer, answer: EditAnswer) -> None:
    """Show the user why there is no edit, where there is none."""
    if not answer.verdict.ok:
        reasons = "; ".join(finding.message for finding in answer.verdict.findings)
        ls.show(types.MessageType.Warning, f"No edit: nothing passed validation. {reasons}")
    elif answer.edit is None:
        ls.show(types.MessageType.Info, "No edit: the span would stay as it is.")


def _params(params: types.ExecuteCommandParams) -> EditParams:
    arguments = params.arguments or ()
    if len(arguments) != 1:
        raise JsonRpcInvalidParams(
            f"arguments: {EDIT_COMMAND} takes one, the params of instantEdit/edit; "
            f"got {len(arguments)}"
        )
    try:
        parsed = EditParams.parse(arguments[0], "arguments[0]")
    except FieldError as error:
        raise JsonRpcInvalidParams(str(error)) from error
    token = parsed.work_done_token
    return attrs.evolve(parsed, work_done_token=params.work_done_token if token is None else token)


async def _applied(
    ls: InstantEditServer, computed: Computed, edit: types.WorkspaceEdit
) -> bool | None:
    """Send the edit; True when it is seen, False when it is not there, None without word."""
    expected = [ls.arrivals.expect(part.document, part.text) for part in computed.changed]
    thinking = THINKING if len(expected) > 1 else 1
    word, seen = asyncio.ensure_future(_reply(ls, edit)), asyncio.ensure_future(_seen(expected))
    try:
        async with asyncio.timeout(thinking * ls.patience):
            await asyncio.wait({word, seen}, return_when=asyncio.FIRST_COMPLETED)
            if not _all_there(expected):  # else what the editor says of it does not matter
                reply = await word
                if not reply.applied:
                    reason = f": {reply.failure_reason}" if reply.failure_reason else ""
                    ls.show(types.MessageType.Warning, f"The editor refused the edit{reason}.")
                    return False
        await asyncio.wait({seen}, timeout=ls.patience)
    except TimeoutError:
        pass  # it may be there all the same
    finally:
        word.cancel()
        seen.cancel()
        for one in expected:
            ls.arrivals.forget(one)
    return _report(ls, expected)


async def _reply(
    ls: InstantEditServer, edit: types.WorkspaceEdit
) -> types.ApplyWorkspaceEditResult:
    try:
        return await ls.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit, LABEL))
    except JsonRpcException as error:
        return types.ApplyWorkspaceEditResult(applied=False, failure_reason=error.message)


async def _seen(expected: list[Expected]) -> None:
    """Wait for the next version of each document."""
    await asyncio.gather(*(asyncio.shield(one.seen) for one in expected))


def _all_there(expected: list[Expected]) -> bool:
    return all(one.arrival is Arrival.THERE for one in expected)


def _report(ls: InstantEditServer, expected: list[Expected]) -> bool | None:
    """Say so where an edit is not in its document, or where nobody can tell."""
    for one in expected:
        name = to_fs_path(one.document.uri) or one.document.uri
        if one.arrival is Arrival.MISSING:
            ls.show(
                types.MessageType.Warning,
                f"The edit of {name} was not applied: the document changed first. Ask again.",
            )
        elif one.arrival is Arrival.UNSURE:
            ls.show(
                types.MessageType.Warning,
                f"The editor does not show whether the edit of {name} was applied; "
                "look at it before you go on.",
            )
    if _all_there(expected):
        return True
    return False if any(one.arrival is Arrival.MISSING for one in expected) else None
