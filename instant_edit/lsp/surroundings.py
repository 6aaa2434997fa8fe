"""What the server tells the model of other texts: open documents, and files that the user named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcInvalidParams
from pygls.uris import to_fs_path

from instant_edit import languages
from instant_edit.errors import InputError, LanguageError
from instant_edit.related import LARGEST, Neighbour, related

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.lsp.documents import Document
    from instant_edit.lsp.server import InstantEditServer
    from instant_edit.request import EditRequest

MOST = 32  # open documents that are searched


class Surroundings:
    """The texts beside those that are edited, as they are when an edit is asked for.

    Args:
        ls: whose documents and settings count.
        named: uris of the files that the user named; raises InvalidParams for one that is none.
    """

    def __init__(self, ls: InstantEditServer, named: Sequence[str]) -> None:
        self._documents = ls.documents.all()[-MOST:] if ls.settings.related else []
        self._named = [_found(ls, uri, f"related[{at}]") for at, uri in enumerate(named)]

    def tell(self, requests: Sequence[EditRequest]) -> list[EditRequest]:
        """The requests with what is known of the names around their spans.

        It parses and reads files: not for the event loop.

        Raises:
            InputError: a file cannot be read, or its language is not known.
        """
        texts = [_read(one) if isinstance(one, Path) else _open(one) for one in self._named]
        texts += [_open(document) for document in self._documents]
        beside = [one for one in texts if one is not None]
        return [_told(request, beside) for request in requests]


def _found(ls: InstantEditServer, uri: str, key: str) -> Document | Path:
    """The open document of a uri, or else the file."""
    document, path = ls.documents.get(uri), to_fs_path(uri)
    if document is None and (not path or not uri.startswith("file:")):
        raise JsonRpcInvalidParams(f"{key}: {uri} is neither open nor a file: uri")
    return document or Path(path or "")


def _told(request: EditRequest, neighbours: Sequence[Neighbour]) -> EditRequest:
    language = languages.get(request.language)
    others = [one for one in neighbours if one.text != request.source]
    shown = request.effective_mode == "rewrite"
    text = related(request.source, request.spans, language, others, shown=shown)
    return replace(request, related=text)


def _open(document: Document) -> Neighbour | None:
    """An open document, where it is one that can be searched."""
    try:
        language = languages.get(document.language)
        document.source.text.encode("utf-8")
    except (LanguageError, UnicodeEncodeError):
        return None
    path = to_fs_path(document.uri) or document.uri
    return Neighbour(PurePath(path).name, document.source.text, language.id)


def _read(file: Path) -> Neighbour:
    """A file that the user named."""
    try:
        if not file.is_file():  # reading a pipe would wait for whoever writes
            raise InputError(f"related: {file} is no file")
        if file.stat().st_size > LARGEST:
            raise InputError(f"related: {file} is larger than {LARGEST} bytes; name smaller ones")
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"related: {file} cannot be read: {error}") from error
    return Neighbour(file.name, text, languages.for_path(file).id)
