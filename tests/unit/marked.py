"""An edit written down as one text: the span stands between « and »."""

from __future__ import annotations

from instant_edit.languages import get
from instant_edit.request import Edit, Span, Verdict
from instant_edit.splice import splice
from instant_edit.validate import validate


def edits_of(marked: str, *texts: str) -> tuple[str, list[Edit]]:
    """The text without its marks, and the edits that replace what they enclose."""
    pieces = marked.replace("»", "«").split("«")
    edits, at = [], 0
    for index, piece in enumerate(pieces):
        if index % 2:
            edits.append(Edit(Span(at, at + len(piece)), texts[index // 2], 1.0))
        at += len(piece)
    return "".join(pieces), edits


def judge(language: str, marked: str, *texts: str) -> Verdict:
    """What the gate says of replacing what is marked by ``texts``."""
    before, edits = edits_of(marked, *texts)
    return validate(before, splice(before, edits), edits, get(language))
