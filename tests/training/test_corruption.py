"""Examples say the truth, and hide from the network what it is to find out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from instant_edit.training.canvases import nearness
from instant_edit.training.corruption import Corruptor, Example
from instant_edit.training.shape import IGNORE, Ints
from tests.scripted import tokenizer
from tests.training.material import SHAPE, documents

WORDS = tokenizer()
SPECIAL = WORDS.special
CORRUPTOR = Corruptor(WORDS, SHAPE)
CASES = st.tuples(st.integers(0, len(documents()) - 1), st.integers(0, 10_000))
many = settings(max_examples=80, deadline=None)


@dataclass
class Pack:
    """One hole of an example, its canvases apart."""

    hole: int
    example: Example

    @property
    def start(self) -> int:
        return int(self.example.hole_start[self.hole])

    def canvas(self, number: int) -> dict[str, Ints]:
        here = self.example.canvas[self.hole] == number
        names = ("inputs", "labels", "weights", "teacher", "slot", "at")
        return {name: getattr(self.example, name)[self.hole][here] for name in names}

    @property
    def count(self) -> int:
        return int(self.example.canvas[self.hole].max()) + 1

    def at(self, number: int) -> int:
        """Where in the hole a canvas begins."""
        return int(self.canvas(number)["at"][0])

    def said(self, number: int) -> Ints:
        """What a canvas should say, up to END."""
        labels = self.canvas(number)["labels"]
        said: Ints = labels[labels != SPECIAL.end]
        return said

    @property
    def tail(self) -> Ints:
        e = self.example
        tail: Ints = e.tails[self.hole][e.written[self.hole] : e.tail_length[self.hole]]
        return tail

    def before(self, number: int) -> Ints:
        """The tokens that stand before a canvas, what is asked in a rewrite included."""
        e, asked = self.example, int(self.example.asked[self.hole])
        more = e.tails[self.hole][: asked + self.at(number)]
        if not asked:
            more = e.window[self.start : self.start + self.at(number)]
        return np.concatenate([e.window[: self.start], more])

    def source(self, number: int) -> bytes:
        """The text that stands before a canvas, without what is asked."""
        e, asked, at = self.example, int(self.example.asked[self.hole]), self.at(number)
        own = e.tails[self.hole][asked:] if asked else e.window[self.start :]
        return text(e.window[1 : self.start]) + text(own[:at])


def example(case: tuple[int, int]) -> tuple[Example, list[Pack]]:
    document, seed = case
    made = CORRUPTOR.example(documents()[document], np.random.default_rng(seed))
    return made, [Pack(hole, made) for hole in range(SHAPE.holes)]


def text(ids: Ints) -> bytes:
    return WORDS.decode_bytes([int(i) for i in ids])


@many
@given(CASES)
def test_a_window_is_a_piece_of_its_document(case: tuple[int, int]) -> None:
    made, _ = example(case)
    whole = documents()[case[0]]
    runs = np.lib.stride_tricks.sliding_window_view(whole, SHAPE.window)
    assert made.window[0] == 0
    assert (runs == made.window[1:]).all(axis=1).any()


@many
@given(CASES)
def test_what_a_teacher_row_predicts_is_the_label(case: tuple[int, int]) -> None:
    made, packs = example(case)
    for pack in packs:
        for number in range(pack.count):
            canvas = pack.canvas(number)
            taught = canvas["teacher"] >= 0
            rows = canvas["teacher"][taught]
            assert (made.window[rows + 1] == canvas["labels"][taught]).all()
            assert (rows + 1 >= pack.start).all()


@many
@given(CASES)
def test_the_labels_and_the_suffix_are_the_text_after_what_stands_there(
    case: tuple[int, int],
) -> None:
    _, packs = example(case)
    whole = text(documents()[case[0]])
    for pack in packs:
        suffix = text(pack.tail[1:])
        assert pack.tail[0] == SPECIAL.suffix
        assert suffix in whole
        for number in range(pack.count):
            before = pack.source(number)
            said = text(pack.said(number))
            assert before + said in whole
            if SPECIAL.end in pack.canvas(number)["labels"]:
                assert before + said + suffix in whole


@many
@given(CASES)
def test_the_canvases_of_a_hole_agree_on_what_it_holds(case: tuple[int, int]) -> None:
    for pack in example(case)[1]:
        known: dict[int, int] = {}
        ends = set()
        for number in range(pack.count):
            labels, at = pack.canvas(number)["labels"], pack.at(number)
            said = pack.said(number)
            assert (labels[len(said) :] == SPECIAL.end).all()
            ends |= {at + len(said)} if len(said) < len(labels) else set()
            for place, label in enumerate(said.tolist(), at):
                assert known.setdefault(place, label) == label
        assert len(ends) <= 1
        assert all(place < end for end in ends for place in known)


@many
@given(CASES)
def test_the_first_canvas_shows_only_what_stands_before_it(case: tuple[int, int]) -> None:
    for pack in example(case)[1]:
        inputs = pack.canvas(0)["inputs"]
        assert pack.at(0) == 0
        assert inputs[0] == pack.before(0)[-1]
        assert (inputs[1:] == SPECIAL.mask).all()


@many
@given(CASES)
def test_canvases_inside_a_hole_begin_at_different_places_and_hide_the_rest(
    case: tuple[int, int],
) -> None:
    for pack in example(case)[1]:
        inside = [number for number in range(pack.count) if pack.at(number)]
        assert len({pack.at(number) for number in inside}) == len(inside)
        for number in inside:
            inputs = pack.canvas(number)["inputs"]
            assert inputs[0] == pack.before(number)[-1]
            assert (inputs[1:] == SPECIAL.mask).all()


@many
@given(CASES)
def test_canvases_of_a_whole_hole_come_in_pairs_of_complementary_masks(
    case: tuple[int, int],
) -> None:
    for pack in example(case)[1]:
        if any(pack.at(number) for number in range(pack.count)):
            continue
        for first in range(1, pack.count - 1, 2):
            one, two = (pack.canvas(first + k)["inputs"][1:] for k in (0, 1))
            size = min(len(one), len(two), max(0, len(pack.said(first)) - 1))
            assert ((one[:size] == SPECIAL.mask) != (two[:size] == SPECIAL.mask)).all()


@many
@given(CASES)
def test_canvases_are_packed_side_by_side_in_the_slots_there_are(case: tuple[int, int]) -> None:
    made, packs = example(case)
    assert made.labels.shape == (SHAPE.holes, SHAPE.slots)
    for pack in packs:
        which = made.canvas[pack.hole]
        used = which >= 0
        assert used[: used.sum()].all()
        assert (np.diff(which[used]) >= 0).all()
        for number in range(pack.count):
            slots = pack.canvas(number)["slot"]
            assert (slots == np.arange(len(slots))).all()
        assert (made.labels[pack.hole][~used] == IGNORE).all()
        assert (made.weights[pack.hole][~used] == 0).all()
        assert (made.teacher[pack.hole][~used] == -1).all()


@many
@given(CASES)
def test_hidden_tokens_weigh_no_less_than_shown_ones(case: tuple[int, int]) -> None:
    for pack in example(case)[1]:
        canvas = pack.canvas(0)
        weights = canvas["weights"][: len(pack.said(0))]
        assert (weights > 0).all()
        assert (np.diff(weights) <= 0).all()  # the nearer to what is known, the heavier


def test_the_same_chance_gives_the_same_example() -> None:
    one, two = (example((0, 7))[0] for _ in range(2))
    assert all(
        np.array_equal(getattr(one, name), getattr(two, name)) for name in Example.__annotations__
    )


def test_slots_right_after_what_is_known_weigh_most() -> None:
    visible = np.array([False, False, False, False, True, False, False])
    weights = nearness(visible)
    assert weights.max() == 1
    assert weights[0] == weights[1] > weights[2] > weights[3]
    assert weights[5] == 1
    assert len(nearness(np.zeros(0, bool))) == 0
