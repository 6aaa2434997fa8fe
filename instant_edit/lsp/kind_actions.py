"""Code actions of the kinds of edit that find their own places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instant_edit import languages
from instant_edit.edit_kinds import EditKind, targets
from instant_edit.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instant_edit.lsp.documents import Document
    from instant_edit.request import Span

LARGEST = 50_000  # characters of a document in which places are looked for on the event loop


def places(
    document: Document, chosen: Span, kinds: Sequence[EditKind]
) -> Iterator[tuple[EditKind, Span]]:
    """The first place of each kind that lies in what the user has chosen, or holds it."""
    if not kinds or len(document.source.text) > LARGEST:
        return
    tree = parse(document.source.text, languages.get(document.language))
    for kind in kinds:
        for place in targets(kind, document.source, tree):
            if place.start <= chosen.end and chosen.start <= place.end:
                yield kind, place
                break
