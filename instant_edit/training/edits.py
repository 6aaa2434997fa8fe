"""Edits of the catalogue made of training text, for rewrites that the model learns from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from random import Random

import numpy as np

from instant_edit import edit_kinds, languages
from instant_edit.edit_kinds.kind import EditKind, Rewrite
from instant_edit.edit_kinds.view import View
from instant_edit.request import Span

TRIES = 3  # edits of a kind
FOUND = {  # in how many of ten windows there is an edit of a kind: the rare come first
    "docstring": 2.5, "return-type": 3.2, "type-hints": 2.8, "no-type-hints": 3.3,
    "rename-variable": 2.1, "rename-parameter": 0.7, "constant": 1.1, "f-string": 1.1,
    "format-call": 0.8, "percent-format": 0.8, "invert-if": 0.9, "early-return": 0.35,
    "guard-none": 0.1, "is-none": 2.4, "not-in": 2.1, "comprehension": 0.2, "loop": 0.2,
    "logging": 0.25, "try-except": 0.7, "bare-except": 1.0, "with-open": 0.1, "pathlib": 0.25,
    "dict-get": 0.65, "add-parameter": 1.5, "sort-imports": 0.35, "dedupe-imports": 0.25,
    "dead-code": 5.8, "todo": 1.7, "fix-operator": 6.7, "fix-off-by-one": 2.9,
    "fix-variable": 5.8, "fix-return": 5.0, "fix-arguments": 5.8, "missing-colon": 8.4,
    "missing-bracket": 8.7, "missing-quote": 5.8, "indentation": 8.9, "const": 3.9,
    "arrow-function": 1.4, "strict-equality": 3.1, "template-literal": 0.8,
    "optional-chaining": 0.4, "fix-sign": 4.7, "await": 0.1, "no-console": 6.4,
    "semicolon": 5.1, "close-bracket": 6.5,
}  # fmt: skip
_PYTHON = re.compile(r"^\s*(def |class |import |from \w|elif |except|self\.)|:$", re.M)
_SCRIPT = re.compile(r"[^#];$|(\)|=>) \{$|^\s*(const |let |var |function |export |//|\* )", re.M)
_DOCSTRING = re.compile(r"\"{3}|'{3}")
_OPENING = re.compile(
    r"^([ \t]*(async def|def|class) \w+(\(.*|:)|@[\w.]+(\(.*)?"
    r"|import [\w.]+|from [\w.]+ import .*)$",
    re.M,
)
_TYPED = re.compile(r"\b(interface|readonly|implements) |\w\??: (string|number|boolean|any)\b")
_ELEMENTS = re.compile(r"</\w+>|/>$", re.M)


@dataclass(frozen=True, slots=True)
class RewritePair:
    """One edit of a text: see ``Rewrite``; here with its kind and always an instruction."""

    kind: str
    span: Span  # in the text that was given
    old: str
    new: str
    instruction: str


def sample(
    rng: np.random.Generator,
    text: str,
    language: str,
    fits: Callable[[RewritePair], bool] | None = None,
) -> RewritePair | None:
    """One edit of a piece of source text, which may be cut at both ends; None if there is none.

    The kinds are tried in an order that chance decides, the rare ones earlier than the others;
    of each, the first few edits.

    Args:
        rng: where all chance comes from.
        text: the piece.
        language: the id of its language.
        fits: whether an edit can be used.
    """
    known = edit_kinds.for_language(language)
    if not known:
        return None
    chance = Random(int(rng.integers(0, 2**63)))
    first, last = _readable(text, language), text.rfind("\n")
    if first is None:
        return None
    # Blanks in the place of what is left out: the offsets stay, the parser is not led astray.
    view = View.of(" " * (first - 1) + "\n" * (first > 0) + text[first:], languages.get(language))
    for kind in sorted(
        known, key=lambda kind: chance.random() ** FOUND.get(kind.id, 1.0), reverse=True
    ):
        for found in islice(kind.rewrites(view, chance), TRIES):
            if first <= found.span.start and found.span.end < last and found.old != found.new:
                pair = _pair(kind, found, chance)
                if fits is None or fits(pair):
                    return pair
    return None


def _readable(text: str, language: str) -> int | None:
    """Where a piece can be read as code: at its first whole line, if it opens in no docstring.

    Where docstrings are about, that is at the first definition or import. None for nowhere.
    """
    if language != "python" or not _DOCSTRING.search(text):
        return text.find("\n") + 1
    opening = _OPENING.search(text)
    return opening.start() if opening is not None else None


def guess_language(text: str) -> str:
    """The language of a piece of Python, JavaScript or TypeScript."""
    if len(_PYTHON.findall(text)) >= len(_SCRIPT.findall(text)):
        return "python"
    if _ELEMENTS.search(text):
        return "tsx" if _TYPED.search(text) else "javascript"
    return "typescript" if _TYPED.search(text) else "javascript"


def _pair(kind: EditKind, found: Rewrite, chance: Random) -> RewritePair:
    phrases = tuple(filter(None, (*kind.phrases, kind.said_of(found.old))))
    said = found.instruction or chance.choice(phrases)
    return RewritePair(kind.id, found.span, found.old, found.new, said)
