"""The open documents, exactly as the client sent them (full sync, our own line table)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified, JsonRpcInvalidParams

from instant_edit.errors import SpanError
from instant_edit.text import PositionEncoding, SourceText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.request import Span

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Document:
    """One version of one open document; a change makes a new ``Document``."""

    uri: str
    language: str
    version: int
    source: SourceText

    def position(self, offset: int, encoding: PositionEncoding) -> types.Position:
        """The client's position of a code point, or the nearest inside the document."""
        inside = min(max(offset, 0), len(self.source.text))
        return types.Position(*self.source.position(inside, encoding))

    def range(self, span: Span, encoding: PositionEncoding) -> types.Range:
        """The client's range of a span."""
        return types.Range(self.position(span.start, encoding), self.position(span.end, encoding))


class Documents:
    """What the client has open. Only the event loop touches it."""

    def __init__(self) -> None:
        self._open: dict[str, Document] = {}

    def __len__(self) -> int:
        return len(self._open)

    def open(self, item: types.TextDocumentItem) -> Document:
        """Take over a document which the client has opened."""
        source = SourceText(item.text)
        opened = Document(item.uri, item.language_id, item.version, source)
        self._open[item.uri] = opened
        return opened

    def close(self, uri: str) -> None:
        """Forget a document."""
        self._open.pop(uri, None)

    def change(
        self,
        identifier: types.VersionedTextDocumentIdentifier,
        changes: Sequence[types.TextDocumentContentChangeEvent],
        encoding: PositionEncoding,
    ) -> Document | None:
        """Make the next version; None, and no document, where the change does not fit."""
        old = self._open.get(identifier.uri)
        if old is None:
            logger.error("didChange for a document that is not open: %s", identifier.uri)
            return None
        source = old.source
        try:
            for change in changes:
                source = _changed(source, change, encoding)
        except SpanError as error:
            logger.error("didChange does not fit %s, forgetting it: %s", old.uri, error)
            self.close(old.uri)
            return None
        newer = Document(old.uri, old.language, identifier.version, source)
        self._open[old.uri] = newer
        return newer

    def get(self, uri: str) -> Document | None:
        """The current version, or None when the document is not open."""
        return self._open.get(uri)

    def all(self) -> list[Document]:
        """The current versions of all that are open, in the order of opening or changing."""
        return list(self._open.values())

    def at(self, uri: str, version: int) -> Document:
        """The current version; an error when it is not ``version`` or not open."""
        document = self._open.get(uri)
        if document is None:
            raise JsonRpcInvalidParams(
                f"textDocument.uri: {uri} is not open; send textDocument/didOpen first"
            )
        if document.version != version:
            raise JsonRpcContentModified(
                f"textDocument.version: the server has version {document.version} of {uri}, "
                f"the request is for version {version}; ask again for the current one"
            )
        return document


def _changed(
    source: SourceText, change: types.TextDocumentContentChangeEvent, encoding: PositionEncoding
) -> SourceText:
    if not isinstance(change, types.TextDocumentContentChangePartial):
        return source.with_text(change.text)
    # Full sync is what we ask for, but a client that sends a range means that range.
    start = source.offset(change.range.start.line, change.range.start.character, encoding)
    end = source.offset(change.range.end.line, change.range.end.character, encoding)
    return source.with_text(source.text[:start] + change.text + source.text[end:])
