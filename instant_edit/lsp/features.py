"""What the server answers to: each method and the function that knows the answer."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from instant_edit.lsp import actions, commands, edits, inline
from instant_edit.lsp.answers import to_answer
from instant_edit.lsp.protocol import (
    EDIT,
    EDIT_COMMAND,
    PROTOCOL_VERSION,
    STATUS,
    CommandAnswer,
    EditAnswer,
    EditParams,
    StatusAnswer,
)
from instant_edit.lsp.settings import SECTION, Settings, section_of
from instant_edit.lsp.talk import ClientLog
from instant_edit.reading import FieldError

if TYPE_CHECKING:
    from instant_edit.lsp.server import InstantEditServer

logger = logging.getLogger(__name__)


def register(server: InstantEditServer) -> None:
    """Register every method that the server knows."""
    _lifecycle(server)
    _documents(server)
    _edits(server)
    _actions(server)


def _lifecycle(server: InstantEditServer) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(ls: InstantEditServer, params: types.InitializeParams) -> None:
        ls.begin(Settings.parse(params.initialization_options, "initializationOptions"))
        ls.protocol.trace = params.trace or types.TraceValue.Off
        documents = params.capabilities.text_document
        if documents is not None and documents.inline_completion is not None:
            _inline_completion(ls)

    @server.feature(types.INITIALIZED)
    async def initialized(ls: InstantEditServer, _: types.InitializedParams) -> None:
        ls.log = ClientLog(ls, asyncio.get_running_loop())
        await ls.configure(ls.settings)
        # The first look at the catalogue imports fifty modules: nobody is to wait for it later.
        asyncio.get_running_loop().run_in_executor(None, actions.kinds)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def changed(ls: InstantEditServer, params: types.DidChangeConfigurationParams) -> None:
        raw, path = section_of(params.settings)
        if params.settings is None and _can_be_asked(ls):
            raw = await _asked_for(ls)
        if raw is not None:
            await ls.configure(Settings.parse(raw, path, ls.first_settings))

    @server.feature(types.SHUTDOWN)
    def shutdown(ls: InstantEditServer, _: object) -> None:
        ls.jobs.end_all()
        ls.protocol.give_up()

    @server.feature(STATUS)
    def status(ls: InstantEditServer, _: object) -> StatusAnswer:
        version = ls.version or "0"
        return StatusAnswer(version, PROTOCOL_VERSION, ls.denoising.status, actions.kinds())


def _can_be_asked(ls: InstantEditServer) -> bool:
    workspace = ls.client_capabilities.workspace
    return workspace is not None and bool(workspace.configuration)


async def _asked_for(ls: InstantEditServer) -> object:
    """The settings that the client answers with; None where it does not."""
    params = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
    try:
        answer = await asyncio.wait_for(ls.workspace_configuration_async(params), ls.patience)
    except (TimeoutError, JsonRpcException) as error:
        logger.warning("the client does not tell its settings: %r", error)
        return None
    return answer[0] if answer else None


def _documents(server: InstantEditServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(ls: InstantEditServer, params: types.DidOpenTextDocumentParams) -> None:
        ls.closed(params.text_document.uri)  # what may have been open under this name
        if actions.editable(ls.documents.open(params.text_document)):
            ls.preload()

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: InstantEditServer, params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        newer = ls.documents.change(params.text_document, params.content_changes, ls.encoding)
        if newer is None:
            ls.closed(uri)
        else:
            ls.follow(newer)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(ls: InstantEditServer, params: types.DidCloseTextDocumentParams) -> None:
        ls.documents.close(params.text_document.uri)
        ls.closed(params.text_document.uri)


def _edits(server: InstantEditServer) -> None:
    @server.feature(EDIT)
    async def edit(ls: InstantEditServer, params: object) -> EditAnswer:
        try:
            checked = EditParams.parse(params)
        except FieldError as error:
            raise JsonRpcInvalidParams(str(error)) from error
        return to_answer(await edits.compute(ls, checked), ls.form)

    @server.command(EDIT_COMMAND)
    async def edit_command(
        ls: InstantEditServer, params: types.ExecuteCommandParams
    ) -> CommandAnswer:
        return await commands.edit(ls, params)


def _actions(server: InstantEditServer) -> None:
    kinds = types.CodeActionOptions(
        code_action_kinds=[actions.KIND, types.CodeActionKind.QuickFix], resolve_provider=True
    )

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)
    def code_action(
        ls: InstantEditServer, params: types.CodeActionParams
    ) -> list[types.CodeAction]:
        return actions.offer(ls, params)

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(ls: InstantEditServer, params: types.CodeAction) -> types.CodeAction:
        return await actions.resolve(ls, params)


def _inline_completion(server: InstantEditServer) -> None:
    """Only for clients that know it: they are the only ones to be told of it."""

    @server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, types.InlineCompletionOptions())
    async def inline_completion(
        ls: InstantEditServer, params: types.InlineCompletionParams
    ) -> types.InlineCompletionList:
        return await inline.complete(ls, params)
