"""From what the engine wrote for a text of then to edits of the text of now."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcContentModified, JsonRpcInternalError
from pygls.uris import to_fs_path

from instant_edit import languages
from instant_edit.lsp.answers import Computed, DocumentEdits
from instant_edit.splice import splice
from instant_edit.validate import validate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.lsp.jobs import Job
    from instant_edit.lsp.server import InstantEditServer
    from instant_edit.lsp.tracking import Place
    from instant_edit.request import EditResult, Stats

logger = logging.getLogger(__name__)
REBASES = 8  # validations of one edit while the user types on; then it is given up


async def settled(ls: InstantEditServer, job: Job, results: Sequence[EditResult]) -> Computed:
    """The results as edits of the texts as they are now, validated there if they are others."""
    for place, result in zip(job.places, results, strict=True):
        if result.verdict.ok and splice(place.asked.source.text, result.edits) != result.source:
            raise JsonRpcInternalError("the engine's edits do not add up to its text")
    ok = all(result.verdict.ok for result in results)
    validated = [place.asked.source.text for place in job.places]
    for _ in range(REBASES):
        parts = tuple(map(current, job.places, results))
        texts = [part.document.source.text for part in parts]
        if not ok or texts == validated:
            return Computed(parts, ok, together(results), ls.denoising.model)
        logger.info("the document changed meanwhile: validating again")
        if not await ls.denoising.call(partial(still_valid, parts)):
            break
        job.check()
        validated = texts
    job.check()
    names = ", ".join(place.now.uri for place in job.places if place.moved)
    raise JsonRpcContentModified(
        f"{names} changed while it was being edited, and what was written does not fit any more; "
        "ask again for the current version"
    )


def current(place: Place, result: EditResult) -> DocumentEdits:
    """The result as edits of the newest version of the document."""
    edits = place.edits_now(result.edits) if result.verdict.ok else ()
    findings = tuple(place.finding_now(finding) for finding in result.verdict.findings)
    return DocumentEdits(place.now, edits, findings)


def together(results: Sequence[EditResult]) -> Stats:
    """What several results cost: each counts what was done for all of them."""
    most = max((result.stats for result in results), key=lambda stats: stats.milliseconds)
    return replace(most, tokens=sum(result.stats.tokens for result in results))


def still_valid(parts: Sequence[DocumentEdits]) -> bool:
    """Ask the gate about edits that were written for older texts."""
    return all(
        validate(
            part.document.source.text,
            part.text,
            part.edits,
            languages.get(part.document.language),
            to_fs_path(part.document.uri) or "<text>",
        ).ok
        for part in parts
    )
