"""The language server: the state that handlers share, and what is registered."""

from __future__ import annotations

import asyncio
import logging
from importlib.metadata import PackageNotFoundError, version

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcParseError
from pygls.lsp.server import LanguageServer

from instant_edit.errors import ModelError
from instant_edit.lsp.answers import Form
from instant_edit.lsp.arrivals import Arrivals
from instant_edit.lsp.converting import converter
from instant_edit.lsp.denoising import Denoising, EditorLike, OpenEditor
from instant_edit.lsp.documents import Document, Documents
from instant_edit.lsp.jobs import Jobs
from instant_edit.lsp.progress import Progress
from instant_edit.lsp.protocol import STATUS_CHANGED, ModelStatus, StatusChangedParams
from instant_edit.lsp.settings import Settings
from instant_edit.lsp.talk import ClientLog
from instant_edit.lsp.wire import InstantEditProtocol
from instant_edit.text import PositionEncoding

logger = logging.getLogger(__name__)
PATIENCE = 15.0  # seconds that an editor has to apply an edit and to tell of it


class InstantEditServer(LanguageServer):
    """pygls' server with our documents, our jobs and our model thread."""

    protocol: InstantEditProtocol

    def __init__(self, open_editor: OpenEditor, model: str, patience: float) -> None:
        super().__init__(
            "instant-edit",
            _version(),
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
            protocol_cls=InstantEditProtocol,
            converter_factory=converter,
        )
        self.documents = Documents()
        self.jobs = Jobs()
        self.arrivals = Arrivals()
        self.denoising = Denoising(open_editor, model, self._status_changed)
        self.settings = self.first_settings = Settings()
        self.patience = patience
        self.log: ClientLog | None = None
        self._own_model = model
        self._last_model_error = ""
        self._preloading: asyncio.Task[None] | None = None

    @property
    def encoding(self) -> PositionEncoding:
        """The position encoding agreed on with the client."""
        agreed = self.workspace.position_encoding
        return PositionEncoding(types.PositionEncodingKind(agreed).value)

    @property
    def form(self) -> Form:
        """How the client reads an edit."""
        workspace = self.client_capabilities.workspace
        support = workspace.workspace_edit if workspace else None
        return Form(self.encoding, bool(support and support.change_annotation_support))

    @property
    def finished(self) -> bool:
        """Whether the client has sent ``shutdown``."""
        return self.protocol.finished

    def begin(self, settings: Settings) -> None:
        """Take over the first settings, before anything can be told to the client."""
        self.settings = self.first_settings = settings
        self.denoising.status = ModelStatus(settings.model or self._own_model, "unloaded")

    async def configure(self, settings: Settings) -> None:
        """Take over new settings; tell the user what is wrong with them."""
        self.settings = settings
        for warning in settings.warnings:
            self.show(types.MessageType.Warning, warning)
        if self.log is not None:
            self.log.choose(settings.log_level)
        await self.denoising.use(settings.model or self._own_model)
        if len(self.documents):
            self.preload()

    def follow(self, document: Document) -> None:
        """Take the next version of a document to whoever waits for it."""
        self.jobs.follow(document)
        self.arrivals.follow(document)

    def closed(self, uri: str) -> None:
        """End what is going on in a document that is not open any more."""
        self.jobs.closed(uri)
        self.arrivals.closed(uri)

    def preload(self) -> None:
        """Load the model in the background, if the user did not ask for another time."""
        idle = self._preloading is None or self._preloading.done()
        if idle and self.settings.preload and self.denoising.status.state == "unloaded":
            self._preloading = asyncio.create_task(self._preload())

    async def _preload(self) -> None:
        progress = Progress(self)
        progress.create()
        progress.loading()
        try:
            await self.denoising.load()
        except ModelError as error:
            self.report_model_error(error)
        except Exception as error:
            logger.error("the model cannot be loaded: %s", error)
        finally:
            progress.end()

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

    def _status_changed(self, status: ModelStatus) -> None:
        if status.state == "ready":
            self._last_model_error = ""  # should it come back, it is news again
        if self.settings.status:
            self.protocol.notify(STATUS_CHANGED, StatusChangedParams(status))


def open_model(model: str) -> EditorLike:
    """Open the real engine; this is where torch is first imported."""
    from instant_edit.interface import open_engine

    return open_engine(model)


def create_server(
    open_editor: OpenEditor, model: str, patience: float = PATIENCE
) -> InstantEditServer:
    """A server that opens ``model`` with ``open_editor`` when it is needed."""
    from instant_edit.lsp.features import register

    server = InstantEditServer(open_editor, model, patience)
    register(server)
    return server


def _version() -> str:
    try:
        return version("instant-edit")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
