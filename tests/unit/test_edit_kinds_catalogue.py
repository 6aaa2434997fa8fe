"""Every kind makes edits of real code that its checker calls right, at places that it finds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise
from random import Random

import pytest

from instant_edit import edit_kinds
from instant_edit.edit_kinds.kind import EditKind, Rewrite
from instant_edit.edit_kinds.view import View
from instant_edit.languages import Language, get

PYTHON = '''\
import json
import logging
import os
from pathlib import Path

logger = logging.getLogger(__name__)


def load(path, default=None):
    """Read a file. And more."""
    if path is None:
        return default
    try:
        with open(path) as handle:
            text = handle.read()
    except OSError:
        logger.warning("cannot be read")
        return default
    # parse the text that was read
    found = json.loads(text)
    return found.get("items", [])


class Shop:
    """A shop."""

    def __init__(self, items: list[str], limit: int = 10) -> None:
        self.items = items
        self.limit = limit

    def names(self, rows, start):
        """All names."""
        names = [row.name for row in rows if row.name not in self.items]
        for index in range(start):
            if index != self.limit - 1 and index < len(names):
                print(names[index])
        if names:
            total = len(names) + 250
            self.show(f"{total} of {self.limit}", start)
        else:
            self.show("none", start)
        return names

    def show(self, text, start):
        if os.path.exists(text):
            folder = os.path.join(text, "shop")
            self.items.append(folder)


def area(width, height):
    return width * height
'''
SCRIPT = """\
import { fetch } from './net';

export async function load(url) {
  const answer = await fetch(url);
  return parse(answer);
}

export function names(items, limit) {
  const found = [];
  items.forEach((item) => found.push(`${item.name} of ${limit}`));
  for (let index = 0; index < limit; index++) {
    const first = items.first?.name;
    if (first === 'x' || index !== limit - 1) {
      found.push(first);
    }
  }
  return found;
}
"""
# kinds of which a place may not show in the text before it: only the user knows
UNPLACED = {"rename-variable", "rename-parameter", "guard-none", "try-except", "fix-return"}
every_kind = pytest.mark.parametrize("kind", edit_kinds.all_kinds(), ids=lambda kind: kind.id)


def material(kind: EditKind) -> tuple[str, Language]:
    return (PYTHON, get("python")) if "python" in kind.languages else (SCRIPT, get("javascript"))


@cache
def rewrites(kind: EditKind) -> list[Rewrite]:
    text, language = material(kind)
    found = (
        rewrite
        for seed in range(3)
        for rewrite in islice(kind.rewrites(View.of(text, language), Random(seed)), 6)
    )
    return list(dict.fromkeys(found))


def edits(kind: EditKind) -> Iterator[tuple[Rewrite, str, str]]:
    text, _ = material(kind)
    for rewrite in rewrites(kind):
        yield rewrite, rewrite.before(text), rewrite.after(text)


def test_there_are_enough_kinds_and_no_two_of_one_name() -> None:
    ids = [kind.id for kind in edit_kinds.all_kinds()]
    assert len(set(ids)) == len(ids)
    assert len(edit_kinds.for_language("python")) >= 20
    assert len(edit_kinds.for_language("typescript")) >= 5


@every_kind
def test_a_kind_makes_edits_of_real_code(kind: EditKind) -> None:
    assert rewrites(kind)
    assert all(rewrite.old != rewrite.new for rewrite in rewrites(kind))
    assert len(kind.phrases) >= 2


@every_kind
def test_the_checker_takes_the_edit_and_refuses_to_do_nothing(kind: EditKind) -> None:
    _, language = material(kind)
    for _, before, after in edits(kind):
        assert kind.right(before, after, after, language)
        assert not kind.right(before, after, before, language)


@every_kind
def test_the_checker_refuses_an_edit_that_does_something_else_too(kind: EditKind) -> None:
    _, language = material(kind)
    more = "\nextra = 1\n" if language.id == "python" else "\nextra(1);\n"
    for _, before, after in edits(kind):
        assert not kind.right(before, after, after + more, language)
        assert not kind.right(before, after, after + "(", language)


@pytest.mark.parametrize(
    "kind", [kind for kind in edit_kinds.all_kinds() if kind.id not in UNPLACED], ids=lambda k: k.id
)
def test_the_place_of_an_edit_is_found_in_the_text_before_it(kind: EditKind) -> None:
    _, language = material(kind)
    for rewrite, before, after in edits(kind):
        assert rewrite.place in set(kind.places(View.of(before, language)))
        assert edit_kinds.settled(kind, before, after, language)


@every_kind
def test_places_to_be_edited_together_do_not_overlap(kind: EditKind) -> None:
    from instant_edit.syntax import parse
    from instant_edit.text import SourceText

    text, language = material(kind)
    spans = edit_kinds.targets(kind, SourceText(text), parse(text, language))
    assert all(left.end <= right.start for left, right in pairwise(spans))


@every_kind
def test_the_same_chance_makes_the_same_edits(kind: EditKind) -> None:
    text, language = material(kind)
    one, two = (
        list(islice(kind.rewrites(View.of(text, language), Random(1)), 3)) for _ in range(2)
    )
    assert one == two


@every_kind
def test_offsets_are_code_points(kind: EditKind) -> None:
    text, language = material(kind)
    mark = language.line_comment
    heads = (f"{mark} naïve 😀\n", f"{mark} plain .\n")
    wide, plain = (
        list(islice(kind.rewrites(View.of(head + text, language), Random(1)), 3)) for head in heads
    )
    assert wide == plain


def test_what_is_subscripted_as_a_type_is_no_mapping() -> None:
    text = 'Name = Union["A", int]\nOpen = t.Literal["a"]\nhome = os.environ["HOME"]\n'
    kind, view = edit_kinds.get("dict-get"), View.of(text, get("python"))
    assert [text[place.start : place.end] for place in kind.places(view)] == [
        'home = os.environ["HOME"]'
    ]


@pytest.mark.parametrize(
    ("kind", "old", "asked"),
    [
        ("is-none", "if a != None:", "use is not None"),
        ("is-none", "if a == None:", "use is None"),
        ("is-none", "if a == None and b != None:", "use is None"),
        ("not-in", "if not a in b:", "use not in"),
        ("not-in", "if not a.b is c:", "use is not"),
        ("not-in", "x = not a in b or not c is d", "use not in"),
        ("semicolon", "let a = 1", "add the missing semicolon"),
    ],
)
def test_what_is_asked_is_as_exact_as_the_old_text_allows(kind: str, old: str, asked: str) -> None:
    assert edit_kinds.get(kind).asked(old) == asked
