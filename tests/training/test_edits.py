"""Edits drawn for training: real places, the same by the same chance, rendered as by the engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from instant_edit.context import Budget, window
from instant_edit.models.asking import in_words
from instant_edit.training.canvases import Canvases
from instant_edit.training.corruption import Corruptor
from instant_edit.training.edits import RewritePair, guess_language, sample
from instant_edit.training.holes import Hole, Holes, turns
from instant_edit.training.shape import Ints, Shape
from tests.scripted import tokenizer
from tests.training.material import documents

WORDS = tokenizer()
SHAPE = Shape(window=192, tail=120, slots=64, longest=40, rewrite_share=1.0, catalogue_share=1.0)
SCRIPT = """\
export async function load(url) {
  const answer = await fetch(url);
  return answer.json();
}

function names(items) {
  var found = [];
  items.forEach(function (item) {
    if (item && item.name === 'x' + item.id) {
      found.push(`${item.name} (${item.kind})`);
    }
  });
  return found;
}
"""


def pieces() -> list[tuple[str, Ints, Ints]]:
    """Windows of some documents, with what follows them."""
    out = []
    for document in documents():
        for start in range(0, len(document) - SHAPE.window, 150):
            end = start + SHAPE.window
            text = WORDS.decode(document[start:end].tolist())
            out.append((text, document[start:end], document[end : end + SHAPE.tail]))
    return out


def drawn(text: str, seed: int, language: str = "python") -> RewritePair | None:
    return sample(np.random.default_rng(seed), text, language)


def test_the_same_chance_gives_the_same_edit() -> None:
    for text, *_ in pieces()[:10]:
        assert drawn(text, 4) == drawn(text, 4)


def test_an_edit_lies_inside_its_piece_and_says_what_to_do() -> None:
    for seed, (text, *_) in enumerate(pieces()):
        pair = drawn(text, seed)
        if pair is not None:
            assert text.find("\n") < pair.span.start <= pair.span.end < text.rfind("\n")
            assert pair.old != pair.new
            assert pair.instruction


def test_rare_kinds_are_drawn_though_common_ones_are_everywhere() -> None:
    kinds = Counter(
        pair.kind
        for seed in range(6)
        for text, *_ in pieces()
        if (pair := drawn(text, seed)) is not None
    )
    assert len(kinds) >= 15
    assert max(kinds.values()) < 0.4 * kinds.total()


def test_a_script_is_edited_as_a_script() -> None:
    kinds = {pair.kind for seed in range(120) if (pair := drawn(SCRIPT, seed, "javascript"))}
    wanted = {"const", "arrow-function", "strict-equality", "template-literal"}
    assert wanted <= kinds


def test_a_language_without_kinds_has_no_edit() -> None:
    assert drawn("int main() { return 0; }\n", 0, "c") is None


def test_prose_is_not_read_as_code() -> None:
    prose = 'words - that are in a == b docstring\nof some function\n    """\n    return x\n'
    assert all(drawn(prose, seed) is None for seed in range(20))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("def f(x):\n    return x\n", "python"),
        (SCRIPT, "javascript"),
        ("interface A {\n  name: string;\n}\n", "typescript"),
        ("const a = (p: Props) => {\n  const b: string = '';\n  return <b>{p.c}</b>;\n};\n", "tsx"),
    ],
)
def test_the_language_of_a_piece_is_guessed(text: str, language: str) -> None:
    assert guess_language(text) == language


def holes() -> list[tuple[RewritePair, str, str, Hole, Ints]]:
    """Edits as the corruptor renders them, with the piece that each is made of."""
    made = []
    drawing = Holes(WORDS, SHAPE)
    for seed, (text, ids, after) in enumerate(pieces()):
        rest = WORDS.decode(after.tolist())
        starts = np.cumsum([0, *(len(WORDS.token_bytes[i]) for i in ids)])
        pair = drawn(text, seed) if text.isascii() else None
        if pair is not None:
            hole = drawing.of_edit(pair, text, rest, starts, SHAPE.tail)
            if hole is not None:
                made.append((pair, text, rest, hole, ids))
    assert len(made) > 8
    return made


def test_the_context_of_an_edit_is_the_one_that_the_engine_renders() -> None:
    for pair, text, rest, hole, ids in holes():
        source = text[: pair.span.start] + pair.old + text[pair.span.end :] + rest
        place = type(pair.span)(pair.span.start, pair.span.start + len(pair.old))
        seen = window(
            source,
            place,
            WORDS,
            mode="rewrite",
            instruction=pair.instruction,
            budget=Budget(instruction=16),
        )
        shown = hole.tail.tolist()[1:]
        assert hole.tail[0] == WORDS.special.suffix
        assert tuple(shown) == seen.following[: len(shown)]
        told = in_words(seen.ids, WORDS).prefix
        assert tuple(hole.asked) == told[len(told) - len(hole.asked) :]
        assert pair.instruction in WORDS.decode(hole.asked.tolist())
        assert pair.old in WORDS.decode(hole.asked.tolist())
        prefix = WORDS.decode(ids[: hole.start].tolist())
        assert prefix + seen.forced.decode() == text[: pair.span.start]
        said = WORDS.decode(hole.target.tolist())
        assert said == seen.forced.decode() + pair.new.removesuffix(seen.closing)


def test_what_an_edit_writes_is_shown_apart_from_the_window_and_no_teacher_speaks() -> None:
    for _, _, _, hole, _ in holes():
        assert (hole.written == np.concatenate([hole.asked, hole.target])).all()
        assert hole.natural == 0
        assert hole.last == len(hole.target)


def test_an_edit_turns_where_it_leaves_the_old_text_and_where_it_comes_back() -> None:
    old, target = WORDS.encode("a = b == c\n"), np.array(WORDS.encode("a = b is not c\n"))
    left, back = turns(old, target)
    assert WORDS.decode(target[:left].tolist()) == "a = b"
    assert WORDS.decode(target[back:].tolist()) == " c\n"
    assert turns(old, np.array(old)).tolist() == []
    assert turns(old, np.array(old[:-1])).tolist() == [len(old) - 1]
    for *_, hole, _ in holes():
        assert len(hole.turns) > 0
        assert (hole.turns <= len(hole.target)).all()


def test_the_canvases_of_an_edit_begin_most_often_where_it_turns() -> None:
    shape = replace(SHAPE, stairs_share=1.0, slots=32)
    drawing, rng = Canvases(WORDS, shape), np.random.default_rng(3)
    at_turns, elsewhere = [], []
    for *_, hole, ids in holes():
        begun = [canvas.at for _ in range(20) for canvas in drawing.draw(hole, ids, rng)]
        inner = range(1, len(hole.target))
        times = {place: begun.count(place) / 20 for place in inner}
        at_turns += [times[place] for place in inner if place in hole.turns]
        elsewhere += [times[place] for place in inner if place not in hole.turns]
    assert np.mean(at_turns) > 1.5 * np.mean(elsewhere)


def test_examples_with_edits_keep_to_their_shape() -> None:
    corruptor = Corruptor(WORDS, SHAPE)
    long = [document for document in documents() if len(document) > SHAPE.window]
    asked = []
    for seed in range(12):
        made = corruptor.example(long[seed % len(long)], np.random.default_rng(seed))
        assert made.tails.shape == (SHAPE.holes, SHAPE.tail)
        asked.append(made.asked > 0)
    assert np.mean(asked) > 0.5  # where a window has no edit, the hole is an ordinary one
