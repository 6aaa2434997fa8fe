"""The shapes of ``instantEdit/*`` messages and of the initialization options.

Request ``instantEdit/edit``::

    {textDocument: {uri, version}, range | ranges, instruction?, mode?, seed?,
     candidates?, deadlineMs?, workDoneToken?}
    -> {edit: WorkspaceEdit | null, verdict: {ok, findings[]}, stats}

``edit`` is null when nothing validated, and when nothing would change. Errors: -32602 the
params are malformed or the document is not open, -32800 cancelled, -32801 the document is,
or has become, another version, -32803 the model cannot be used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, get_args

import attrs
from cattrs.gen import make_dict_unstructure_fn, override
from lsprotocol import types
from pygls.protocol import default_converter

from instant_edit.lsp.reading import FieldError, Fields, flag, kind_of, text, within
from instant_edit.request import Mode

if TYPE_CHECKING:
    from cattrs import Converter

EDIT = "instantEdit/edit"
"""The method of the edit request."""

UINTEGER_MAX = 2**31 - 1
MAX_CANDIDATES = 64


@attrs.frozen
class EditParams:
    """Params of ``instantEdit/edit``, checked; positions are still in the client's units."""

    uri: str
    version: int
    ranges: tuple[types.Range, ...]
    instruction: str | None = None
    mode: Mode | None = None
    seed: int = 0
    candidates: int = 1
    deadline_ms: int | None = None
    work_done_token: types.ProgressToken | None = None

    @classmethod
    def parse(cls, raw: object, path: str = "") -> EditParams:
        """Read the JSON params; raise ``FieldError`` naming the first key that is wrong."""
        fields = Fields(raw, path)
        uri, version = fields.required("textDocument", _document)
        params = cls(
            uri=uri,
            version=version,
            ranges=_one_or_many(fields),
            instruction=fields.optional("instruction", _encodable) or None,
            mode=fields.optional("mode", _mode),
            seed=fields.optional("seed", within(0, 2**63 - 1)) or 0,
            candidates=fields.optional("candidates", within(1, MAX_CANDIDATES)) or 1,
            deadline_ms=fields.optional("deadlineMs", within(1, UINTEGER_MAX)),
            work_done_token=fields.optional("workDoneToken", _token),
        )
        fields.finish()
        return params


@attrs.frozen
class FindingAnswer:
    """One reason why nothing was offered; ``position`` is in the client's own document."""

    kind: str
    message: str
    position: types.Position


@attrs.frozen
class VerdictAnswer:
    """What the gate said."""

    ok: bool
    findings: list[FindingAnswer]


@attrs.frozen
class StatsAnswer:
    """What the edit cost."""

    steps: int
    forward_passes: int
    tokens: int
    milliseconds: float
    tokens_per_forward: float


@attrs.frozen
class EditAnswer:
    """Result of ``instantEdit/edit``."""

    edit: types.WorkspaceEdit | None
    verdict: VerdictAnswer
    stats: StatsAnswer


@attrs.frozen
class Options:
    """``initializationOptions``: which model, and whether to load it before the first edit."""

    model: str | None = None
    preload: bool = False
    warnings: tuple[str, ...] = ()

    @classmethod
    def parse(cls, raw: object) -> Options:
        """Read the options; what is wrong becomes a warning and its default is used."""
        if raw is None:
            return cls()
        try:
            fields = Fields(raw, "initializationOptions")
        except FieldError as error:
            return cls(warnings=(f"{error}; ignored",))
        warnings: list[str] = []
        values: dict[str, Any] = {}
        for key, read in (("model", text), ("preload", flag)):
            try:
                values[key] = fields.optional(key, read)
            except FieldError as error:
                warnings.append(f"{error}; ignored")
        warnings += [
            f"initializationOptions.{key}: unknown key, ignored; known keys: model, preload"
            for key in fields.strangers()
        ]
        return cls(values.get("model"), bool(values.get("preload")), tuple(warnings))


def converter() -> Converter:
    """The LSP converter, which also knows how our own results look in JSON."""
    made: Converter = default_converter()  # type: ignore[no-untyped-call]
    made.register_unstructure_hook(
        StatsAnswer,
        make_dict_unstructure_fn(
            StatsAnswer,
            made,
            forward_passes=override(rename="forwardPasses"),
            tokens_per_forward=override(rename="tokensPerForward"),
        ),
    )
    return made


def _document(raw: object, path: str) -> tuple[str, int]:
    fields = Fields(raw, path)
    uri = fields.required("uri", text)
    version = fields.required("version", within(-(2**31), UINTEGER_MAX))
    fields.finish()
    return uri, version


def _one_or_many(fields: Fields) -> tuple[types.Range, ...]:
    one = fields.optional("range", _range)
    many = fields.optional("ranges", _ranges)
    if (one is None) == (many is None):
        fault = "missing; give range or ranges" if one is None else "give range or ranges, not both"
        raise FieldError(f"range: {fault}")
    return many if many is not None else (cast("types.Range", one),)


def _ranges(raw: object, path: str) -> tuple[types.Range, ...]:
    if not isinstance(raw, list):
        raise FieldError(f"{path}: expected an array of ranges, got {kind_of(raw)}")
    if not raw:
        raise FieldError(f"{path}: empty; give at least one range")
    return tuple(_range(item, f"{path}[{index}]") for index, item in enumerate(raw))


def _range(raw: object, path: str) -> types.Range:
    fields = Fields(raw, path)
    start = fields.required("start", _position)
    end = fields.required("end", _position)
    fields.finish()
    if (end.line, end.character) < (start.line, start.character):
        raise FieldError(f"{path}.end: lies before {path}.start")
    return types.Range(start, end)


def _position(raw: object, path: str) -> types.Position:
    fields = Fields(raw, path)
    line = fields.required("line", within(0, UINTEGER_MAX))
    character = fields.required("character", within(0, UINTEGER_MAX))
    fields.finish()
    return types.Position(line, character)


def _mode(raw: object, path: str) -> Mode:
    if raw not in get_args(Mode):
        raise FieldError(f'{path}: expected "fill" or "rewrite", got {raw!r}')
    return cast("Mode", raw)


def _token(raw: object, path: str) -> types.ProgressToken:
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise FieldError(f"{path}: expected a string or an integer, got {kind_of(raw)}")
    return raw


def _encodable(raw: object, path: str) -> str:
    value = text(raw, path)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise FieldError(f"{path}: half a surrogate pair at character {error.start}") from None
    return value
