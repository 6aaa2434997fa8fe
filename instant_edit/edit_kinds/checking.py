"""Whether an edit is right, decided without a model."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable

from instant_edit.languages import Language
from instant_edit.request import Span
from instant_edit.syntax import defects, leaves, parse

_JOINTS = frozenset({";", ","})


def same(before: str, after: str, produced: str, language: Language) -> bool:
    """Whether two texts mean the same to a parser."""
    del before
    wanted = normal_form(after, language)
    return wanted is not None and wanted == normal_form(produced, language)


def same_tokens(before: str, after: str, produced: str, language: Language) -> bool:
    """Whether two texts have the same tokens; only blanks may differ."""
    del before
    wanted = tokens(after, language)
    return wanted is not None and wanted == tokens(produced, language)


def normal_form(text: str, language: Language) -> object | None:
    """What a text means, without its layout and comments; None where it does not parse."""
    if language.id == "python":
        module = python_tree(text)
        return None if module is None else ast.dump(module)
    found = tokens(text, language)
    if found is None:
        return None
    return [_quoted(one) for one in found if one not in _JOINTS]


def tokens(text: str, language: Language) -> list[str] | None:
    """The tokens of a text without comments; None where it does not parse."""
    tree = parse(text, language)
    if defects(tree):
        return None
    found = leaves(tree, Span(0, len(text)))
    return [text[span.start : span.end] for kind, span in found if kind != "comment"]


def python_tree(text: str) -> ast.Module | None:
    """The syntax tree of a Python text, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


Accept = Callable[[ast.AST, ast.AST], bool]


def _quoted(token: str) -> str:
    """A token with the quotes of strings made alike."""
    return '"' if token == "'" else token
