"""Readers of the LSP values that stand inside the params of ``instantEdit/*``."""

from __future__ import annotations

from lsprotocol import types

from instant_edit.reading import FieldError, Fields, kind_of, text, within

UINTEGER_MAX = 2**31 - 1


def document(raw: object, path: str) -> tuple[str, int]:
    """The uri and version of a ``VersionedTextDocumentIdentifier``."""
    fields = Fields(raw, path)
    uri = fields.required("uri", text)
    version = fields.required("version", within(-(2**31), UINTEGER_MAX))
    fields.finish()
    return uri, version


def ranges(raw: object, path: str) -> tuple[types.Range, ...]:
    """An array of at least one ``Range``."""
    if not isinstance(raw, list):
        raise FieldError(f"{path}: expected an array of ranges, got {kind_of(raw)}")
    if not raw:
        raise FieldError(f"{path}: empty; give at least one range")
    return tuple(range_(item, f"{path}[{index}]") for index, item in enumerate(raw))


def uris(raw: object, path: str) -> tuple[str, ...]:
    """An array of ``DocumentUri``."""
    if not isinstance(raw, list):
        raise FieldError(f"{path}: expected an array of uris, got {kind_of(raw)}")
    return tuple(encodable(item, f"{path}[{index}]") for index, item in enumerate(raw))


def range_(raw: object, path: str) -> types.Range:
    """A ``Range`` whose end does not lie before its start."""
    fields = Fields(raw, path)
    start = fields.required("start", position)
    end = fields.required("end", position)
    fields.finish()
    if (end.line, end.character) < (start.line, start.character):
        raise FieldError(f"{path}.end: lies before {path}.start")
    return types.Range(start, end)


def position(raw: object, path: str) -> types.Position:
    """A ``Position``."""
    fields = Fields(raw, path)
    line = fields.required("line", within(0, UINTEGER_MAX))
    character = fields.required("character", within(0, UINTEGER_MAX))
    fields.finish()
    return types.Position(line, character)


def token(raw: object, path: str) -> types.ProgressToken:
    """A ``ProgressToken``: a string or an integer."""
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise FieldError(f"{path}: expected a string or an integer, got {kind_of(raw)}")
    return raw


def encodable(raw: object, path: str) -> str:
    """A string that has a UTF-8 form."""
    value = text(raw, path)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise FieldError(f"{path}: half a surrogate pair at character {error.start}") from None
    return value
