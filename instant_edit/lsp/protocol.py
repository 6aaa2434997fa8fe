"""The messages ``instantEdit/*``: their names, params and results.

``docs/lsp-extensions.md`` explains each with an example; a test holds the two together.
Positions in these messages are in the client's units.
"""

from __future__ import annotations

from typing import Literal, cast, get_args

import attrs
from lsprotocol import types

from instant_edit.lsp import shapes
from instant_edit.reading import FieldError, Fields, kind_of, within
from instant_edit.request import Mode, Stats

EDIT = "instantEdit/edit"
"""Request, client to server: ``EditParams`` -> ``EditAnswer``."""

DRAFT = "instantEdit/draft"
"""Notification, server to client: ``DraftParams``."""

STATUS = "instantEdit/status"
"""Request, client to server: no params -> ``StatusAnswer``."""

STATUS_CHANGED = "instantEdit/statusChanged"
"""Notification, server to client: ``StatusChangedParams``."""

EDIT_COMMAND = "instantEdit.edit"
"""Command of ``workspace/executeCommand``: ``[EditParams]`` -> ``CommandAnswer``."""

PROTOCOL_VERSION = 1
MAX_CANDIDATES = 64

ModelState = Literal["unloaded", "loading", "ready", "failed"]


@attrs.frozen
class Target:
    """What to edit of one document."""

    uri: str
    version: int
    ranges: tuple[types.Range, ...]


@attrs.frozen
class EditParams:
    """Params of ``instantEdit/edit``, checked.

    In JSON one target stands as ``textDocument`` with ``range`` or ``ranges``, several as
    ``documents: [{textDocument, ranges}]``.
    """

    targets: tuple[Target, ...]
    instruction: str | None = None
    mode: Mode | None = None
    seed: int = 0
    candidates: int | None = None
    deadline_ms: int | None = None
    work_done_token: types.ProgressToken | None = None
    draft_token: types.ProgressToken | None = None
    related: tuple[str, ...] = ()

    @classmethod
    def parse(cls, raw: object, path: str = "") -> EditParams:
        """Read the JSON params; raise ``FieldError`` naming the first key that is wrong."""
        fields = Fields(raw, path)
        params = cls(
            targets=_targets(fields),
            instruction=fields.optional("instruction", shapes.encodable) or None,
            mode=fields.optional("mode", _mode),
            seed=fields.optional("seed", within(0, 2**63 - 1)) or 0,
            candidates=fields.optional("candidates", within(1, MAX_CANDIDATES)),
            deadline_ms=fields.optional("deadlineMs", within(1, shapes.UINTEGER_MAX)),
            work_done_token=fields.optional("workDoneToken", shapes.token),
            draft_token=fields.optional("draftToken", shapes.token),
            related=fields.optional("related", shapes.uris) or (),
        )
        fields.finish()
        return params


@attrs.frozen
class FindingAnswer:
    """One reason why nothing was offered; ``position`` is in the client's own document."""

    kind: str
    message: str
    position: types.Position
    uri: str | None = None


@attrs.frozen
class VerdictAnswer:
    """What the gate said."""

    ok: bool
    findings: list[FindingAnswer]


@attrs.frozen
class StatsAnswer:
    """What the edit cost.

    ``context_tokens`` were read around the spans; the model had ``context_tokens_reused`` of
    them from earlier requests.
    """

    steps: int
    forward_passes: int
    tokens: int
    milliseconds: float
    tokens_per_forward: float
    context_tokens: int
    context_tokens_reused: int

    @classmethod
    def of(cls, stats: Stats) -> StatsAnswer:
        """The engine's stats, as far as the client is told."""
        return cls(
            stats.steps,
            stats.forward_passes,
            stats.tokens,
            stats.milliseconds,
            stats.tokens_per_forward,
            stats.context_tokens,
            stats.context_tokens_reused,
        )


@attrs.frozen
class ModelAnswer:
    """The model that wrote the edit."""

    id: str
    digest: str


@attrs.frozen
class EditAnswer:
    """Result of ``instantEdit/edit``.

    ``edit`` is null when nothing validated, and when nothing would change.
    """

    edit: types.WorkspaceEdit | None
    verdict: VerdictAnswer
    stats: StatsAnswer
    model: ModelAnswer | None = None


@attrs.frozen
class CommandAnswer:
    """Result of the command ``instantEdit.edit``.

    ``applied`` is true when the edit has been seen in the document, false when the editor
    refused it or it did not arrive, null when there was nothing to apply or no word of it came.
    """

    applied: bool | None
    verdict: VerdictAnswer
    stats: StatsAnswer
    model: ModelAnswer | None = None


@attrs.frozen
class PieceAnswer:
    """A piece of a draft and the probability that the model gives it.

    0 where it is open, or copied from elsewhere and not judged by the model yet.
    """

    text: str
    confidence: float


@attrs.frozen
class DraftAnswer:
    """The draft of one span: ``text`` is to replace ``range``, with open slots as ``▒``."""

    text_document: types.VersionedTextDocumentIdentifier
    range: types.Range
    text: str
    pieces: list[PieceAnswer]


@attrs.frozen
class DraftParams:
    """Params of ``instantEdit/draft``: all spans after one denoising step."""

    draft_token: types.ProgressToken
    step: int
    masked: int
    drafts: list[DraftAnswer]


@attrs.frozen
class ModelStatus:
    """Whether the model is there; ``message`` says why it failed, or what an endpoint is sent."""

    id: str
    state: ModelState
    message: str | None = None


@attrs.frozen
class StatusChangedParams:
    """Params of ``instantEdit/statusChanged``."""

    model: ModelStatus


@attrs.frozen
class KindAnswer:
    """A kind of edit that the server offers, with the title of its code action."""

    id: str
    title: str


@attrs.frozen
class StatusAnswer:
    """Result of ``instantEdit/status``."""

    version: str
    protocol: int
    model: ModelStatus
    kinds: list[KindAnswer]


ANSWERS = (
    FindingAnswer,
    VerdictAnswer,
    StatsAnswer,
    ModelAnswer,
    EditAnswer,
    CommandAnswer,
    PieceAnswer,
    DraftAnswer,
    DraftParams,
    ModelStatus,
    StatusChangedParams,
    KindAnswer,
    StatusAnswer,
)
"""Every shape that the server sends. In JSON names become camelCase, and a field that has a
default is left out where it has that value."""


def _targets(fields: Fields) -> tuple[Target, ...]:
    several = fields.optional("documents", _documents)
    if several is None:
        uri, version = fields.required("textDocument", shapes.document)
        return (Target(uri, version, _one_or_many(fields)),)
    for key in ("textDocument", "range", "ranges"):
        fields.optional(key, _beside_documents)
    return several


def _documents(raw: object, path: str) -> tuple[Target, ...]:
    if not isinstance(raw, list):
        raise FieldError(f"{path}: expected an array, got {kind_of(raw)}")
    if not raw:
        raise FieldError(f"{path}: empty; give at least one document")
    targets: list[Target] = []
    for index, item in enumerate(raw):
        fields = Fields(item, f"{path}[{index}]")
        uri, version = fields.required("textDocument", shapes.document)
        if any(target.uri == uri for target in targets):
            raise FieldError(f"{path}[{index}]: {uri} comes twice; give all its ranges at once")
        targets.append(Target(uri, version, fields.required("ranges", shapes.ranges)))
        fields.finish()
    return tuple(targets)


def _beside_documents(_: object, path: str) -> None:
    raise FieldError(f"{path}: not beside documents; give one or the other")


def _one_or_many(fields: Fields) -> tuple[types.Range, ...]:
    one = fields.optional("range", shapes.range_)
    many = fields.optional("ranges", shapes.ranges)
    if (one is None) == (many is None):
        fault = "missing; give range or ranges" if one is None else "give range or ranges, not both"
        raise FieldError(f"range: {fault}")
    return many if many is not None else (cast("types.Range", one),)


def _mode(raw: object, path: str) -> Mode:
    if raw not in get_args(Mode):
        raise FieldError(f'{path}: expected "fill" or "rewrite", got {raw!r}')
    return cast("Mode", raw)
