"""The language server: what is registered, and the state that handlers share."""

from __future__ import annotations

import logging
from importlib.metadata import PackageNotFoundError, version

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcParseError
from pygls.lsp.server import LanguageServer

from instant_edit.errors import ModelError
from instant_edit.lsp import actions, edits
from instant_edit.lsp.denoising import Denoising, EditorLike, OpenEditor
from instant_edit.lsp.documents import Documents
from instant_edit.lsp.protocol import EDIT, EditAnswer, EditParams, Options, converter
from instant_edit.lsp.reading import FieldError
from instant_edit.lsp.wire import InstantEditProtocol
from instant_edit.text import PositionEncoding

logger = logging.getLogger(__name__)


class InstantEditServer(LanguageServer):
    """pygls' server with our documents and our model thread."""

    protocol: InstantEditProtocol

    def __init__(self, open_editor: OpenEditor, model: str) -> None:
        super().__init__(
            "instant-edit",
            _version(),
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
            protocol_cls=InstantEditProtocol,
            converter_factory=converter,
        )
        self.documents = Documents()
        self.denoising = Denoising(open_editor, model)
        self.options = Options()
        self._last_model_error = ""

    @property
    def encoding(self) -> PositionEncoding:
        """The position encoding agreed on with the client."""
        agreed = self.workspace.position_encoding
        return PositionEncoding(types.PositionEncodingKind(agreed).value)

    @property
    def finished(self) -> bool:
        """Whether the client has sent ``shutdown``."""
        return self.protocol.finished

    def show(self, kind: types.MessageType, message: str) -> None:
        """Show the user a message."""
        self.window_show_message(types.ShowMessageParams(kind, message))

    def report_model_error(self, error: ModelError) -> None:
        """Show the user that the model cannot be used, once for each reason."""
        if str(error) != self._last_model_error:
            self._last_model_error = str(error)
            self.show(types.MessageType.Error, f"The model cannot be used: {error}")

    def report_server_error(self, error: Exception, source: object) -> None:
        """Log; sending could fail again and recurse. An unreadable message gets its answer."""
        logger.error("%s: %s", getattr(source, "__name__", source), error)
        if source is JsonRpcException:  # what run_async could not read as JSON
            self.protocol.refuse(None, JsonRpcParseError(f"unreadable message: {error}"))


def open_model(model: str) -> EditorLike:
    """Open the real engine; this is where torch is first imported."""
    from instant_edit.engine import Editor

    return Editor.open(model)


def create_server(open_editor: OpenEditor, model: str) -> InstantEditServer:
    """A server whose model is opened by ``open_editor`` at the first edit."""
    server = InstantEditServer(open_editor, model)
    _register_lifecycle(server)
    _register_documents(server)
    _register_edits(server)
    return server


def _register_lifecycle(server: InstantEditServer) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(ls: InstantEditServer, params: types.InitializeParams) -> None:
        ls.options = Options.parse(params.initialization_options)
        ls.denoising.model = ls.options.model or ls.denoising.model

    @server.feature(types.INITIALIZED)
    async def initialized(ls: InstantEditServer, _: types.InitializedParams) -> None:
        for warning in ls.options.warnings:
            ls.show(types.MessageType.Warning, warning)
        if ls.options.preload:
            try:
                await ls.denoising.load()
            except ModelError as error:
                ls.report_model_error(error)

    @server.feature(types.SHUTDOWN)
    def shutdown(ls: InstantEditServer, _: object) -> None:
        ls.denoising.stop()


def _register_documents(server: InstantEditServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(ls: InstantEditServer, params: types.DidOpenTextDocumentParams) -> None:
        ls.documents.open(params.text_document)
        ls.denoising.stop(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: InstantEditServer, params: types.DidChangeTextDocumentParams) -> None:
        ls.documents.change(params.text_document, params.content_changes, ls.encoding)
        ls.denoising.stop(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(ls: InstantEditServer, params: types.DidCloseTextDocumentParams) -> None:
        ls.documents.close(params.text_document.uri)
        ls.denoising.stop(params.text_document.uri)


def _register_edits(server: InstantEditServer) -> None:
    @server.feature(EDIT)
    async def edit(ls: InstantEditServer, params: object) -> EditAnswer:
        try:
            checked = EditParams.parse(params)
        except FieldError as error:
            raise JsonRpcInvalidParams(str(error)) from error
        return await edits.compute(ls, checked)

    kinds = types.CodeActionOptions(code_action_kinds=[actions.KIND], resolve_provider=True)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)
    def code_action(
        ls: InstantEditServer, params: types.CodeActionParams
    ) -> list[types.CodeAction]:
        return actions.offer(ls, params)

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(ls: InstantEditServer, params: types.CodeAction) -> types.CodeAction:
        return await actions.resolve(ls, params)


def _version() -> str:
    try:
        return version("instant-edit")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
