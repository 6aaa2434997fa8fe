"""Syntax errors of one character, and indentation that went astray."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.making import without_one
from instant_edit.edit_kinds.view import BRACKETS, View
from instant_edit.languages import check_python
from instant_edit.request import Span

_HEADERS = (
    "if_statement", "elif_clause", "else_clause", "for_statement", "while_statement",
    "function_definition", "class_definition", "with_statement", "try_statement", "except_clause",
)  # fmt: skip
_SIMPLE = ("expression_statement", "return_statement", "assert_statement", "raise_statement")


def without_colon(view: View) -> Iterator[Span]:
    """The line that lacks a colon."""
    return _reported(view, r"expected ':'")


def without_bracket(view: View) -> Iterator[Span]:
    """The line whose brackets do not match."""
    return _reported(view, r"never closed|unmatched|does not match|invalid syntax")


def without_quote(view: View) -> Iterator[Span]:
    """The line with a text that does not end."""
    return _reported(view, r"unterminated|EOL while")


def wrongly_indented(view: View) -> Iterator[Span]:
    """The line with the wrong indentation, together with the line above it."""
    for line in _reported(view, r"indent"):
        above = _line_above(view, view.line_start(line.start))
        yield Span(above.start, line.end) if above is not None else line


def missing_colons(view: View, rng: Random) -> Iterator[Rewrite]:
    """The colon of a header left out."""
    for node in view.shuffled(rng, *_HEADERS):
        body = next((child for child in node.children if child.type == "block"), None)
        if body is None or not view.leads(node) or not view.leads(body):
            continue
        span = view.header(node, body)
        text = view.of_span(span)
        if text.endswith(":") and "\n" not in text:
            yield Rewrite(span, text[:-1], text)


def missing_brackets(view: View, rng: Random) -> Iterator[Rewrite]:
    """One bracket of a statement left out."""
    for node in view.shuffled(rng, *_SIMPLE):
        yield from without_one(view, rng, node, *BRACKETS)


def missing_quotes(view: View, rng: Random) -> Iterator[Rewrite]:
    """One quote of a text left out."""
    for node in view.shuffled(rng, *_SIMPLE):
        yield from without_one(view, rng, node, "string_start", "string_end")


def indentations(view: View, rng: Random) -> Iterator[Rewrite]:
    """A line of a block moved to the left or to the right, together with the line above it."""
    for node in view.shuffled(rng, *_SIMPLE):
        span = view.span(node)
        indent, text = view.indent(span.start), view.of_span(span)
        above = _line_above(view, span.start - len(indent))
        if not indent or "\n" in text or not view.leads(node) or text.startswith(("'", '"')):
            continue
        if above is None or view.of_span(above).startswith(("#", "@")):
            continue
        opens = view.of_span(above).endswith(":")
        wrong = indent[4:] if opens else rng.choice((indent[:-1], indent + " ", indent + "  "))
        whole = Span(above.start, span.end)
        first = view.of_span(above)
        yield Rewrite(whole, f"{first}\n{wrong}{text}", f"{first}\n{indent}{text}")


def _line_above(view: View, start: int) -> Span | None:
    """What stands on the line above the one that starts here, without its indentation."""
    if start == 0:
        return None
    above = view.line_start(start - 1)
    text = view.text[above : start - 1]
    found = Span(above + len(text) - len(text.lstrip()), start - 1)
    return found if text.strip() and not text.endswith(" ") else None


def _reported(view: View, pattern: str) -> Iterator[Span]:
    """The line of the first syntax error, if its message is of this sort."""
    finding = check_python(view.text, "<text>")
    if finding is None or not re.search(pattern, finding.message):
        return
    start = view.line_start(min(finding.position, max(0, len(view.text) - 1)))
    end = view.text.find("\n", start)
    text = view.text[start : end if end >= 0 else len(view.text)]
    yield Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))
