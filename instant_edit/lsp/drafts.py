"""``instantEdit/draft``: what each span looks like after a denoising step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from instant_edit.lsp.protocol import DRAFT, DraftAnswer, DraftParams, PieceAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.interface import PieceLike, StepLike
    from instant_edit.lsp.jobs import Job
    from instant_edit.lsp.server import InstantEditServer
    from instant_edit.lsp.tracking import Place


class Drafts:
    """Sends the drafts of one job; sends nothing where the client gave no token."""

    def __init__(self, ls: InstantEditServer, token: types.ProgressToken | None, job: Job) -> None:
        self._ls = ls
        self._token = token
        self._job = job

    def step(self, step: StepLike) -> None:
        """Send the drafts of all spans, at the places where the spans are now."""
        if self._token is None or self._job.stop.is_set():
            return
        texts = iter(step.pieces)
        drafts = [
            self._draft(place, index, next(texts))
            for place in self._job.places
            for index in range(len(place.spans_now))
        ]
        params = DraftParams(self._token, step.number, step.masked, drafts)
        self._ls.protocol.notify(DRAFT, params)

    def _draft(self, place: Place, index: int, pieces: Sequence[PieceLike]) -> DraftAnswer:
        document = place.now
        return DraftAnswer(
            types.VersionedTextDocumentIdentifier(document.version, document.uri),
            document.range(place.spans_now[index], self._ls.encoding),
            "".join(piece.text for piece in pieces),
            [PieceAnswer(piece.text, piece.confidence) for piece in pieces],
        )
