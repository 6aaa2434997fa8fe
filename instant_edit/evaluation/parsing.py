"""Whether a new text is still code, asked without the gate that let it through."""

from __future__ import annotations

from instant_edit import languages
from instant_edit.syntax import defects, parse


def parses(new: str, old: str, language: str) -> bool:
    """Whether a text has no more syntax errors than the one it was made from.

    Where the language has a strict checker and the old text passed it, the new one must too.
    """
    known = languages.get(language)
    if known.strict is not None and known.strict(old, "<row>") is None:
        return known.strict(new, "<row>") is None
    return len(defects(parse(new, known))) <= len(defects(parse(old, known)))
