"""Training examples of a repository: its text, and rewrites that its own commits made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instant_edit.request import Span
from instant_edit.training.batch import Batches
from instant_edit.training.corpus import Corpus
from instant_edit.training.edits import RewritePair
from instant_edit.training.holes import MIN_SUFFIX, Hole, Holes
from instant_edit.training.shape import Ints, Shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.tokenizer import Tokenizer
    from instant_edit.training.histories import HistoryEdit
    from instant_edit.tuning.material import Material

EDIT_SHARE = 0.25  # of the windows that are cut around an edit, where there are edits
AROUND = 40  # characters on both sides by which an edit is found again
BEFORE = 0.5  # of a window's tokens that stand before the edit it is cut around
MOST_WEIGHT = 8192  # tokens; a longer text is not drawn more often


class RepositoryTexts(Corpus):
    """Texts in memory, drawn as those of a corpus are; nothing of them is written to a disk."""

    def __init__(
        self, learned: Sequence[Ints], around_edits: Sequence[Ints], held_out: Sequence[Ints]
    ) -> None:
        self.learned, self.around_edits, self.kept_out = learned, around_edits, held_out

    def draw(self, rng: np.random.Generator, *, held_out: bool) -> np.ndarray[Any, Any]:
        """See ``Corpus.draw``; of what is learned, some are cut around an edit."""
        if held_out and self.kept_out:
            return _drawn(rng, self.kept_out)
        if self.around_edits and rng.random() < EDIT_SHARE:
            return self.around_edits[int(rng.integers(len(self.around_edits)))]
        return _drawn(rng, self.learned)


class RepositoryHoles(Holes):
    """Draws rewrites from the repository's own edits where a window holds the outcome of one."""

    def __init__(self, tokenizer: Tokenizer, shape: Shape, edits: Sequence[HistoryEdit]) -> None:
        super().__init__(tokenizer, shape)
        self.edits = edits

    def draw(self, window: Ints, after: Ints, rng: np.random.Generator) -> Hole:
        """See ``Holes.draw``."""
        own = self._own(window, after, rng) if rng.random() < self.shape.rewrite_share else None
        return own or super().draw(window, after, rng)

    def _own(self, window: Ints, after: Ints, rng: np.random.Generator) -> Hole | None:
        text = self.tokenizer.decode(window.tolist())
        found = [pair for edit in self.edits if (pair := _found(edit, text)) is not None]
        if not found or not text.isascii():  # characters are counted as bytes
            return None
        starts = np.cumsum([0, *(len(self.tokenizer.token_bytes[i]) for i in window)])
        rest = self.tokenizer.decode(after.tolist())
        suffix = int(rng.integers(MIN_SUFFIX, self.shape.tail))
        return self.of_edit(found[int(rng.integers(len(found)))], text, rest, starts, suffix)


def batches(
    material: Material,
    held_out: Sequence[str],
    tokenizer: Tokenizer,
    shape: Shape,
    size: int,
    seed: int,
) -> Batches:
    """Batches of a repository's material.

    Args:
        material: what is learned from.
        held_out: texts for the other side, which the training only looks at.
        tokenizer: the model's.
        shape: of the examples.
        size: windows in a batch.
        seed: where all chance comes from.
    """

    def ids_of(texts: Sequence[str]) -> list[Ints]:
        rows = [np.array(ids, np.int64) for ids in tokenizer.encode_batch(list(texts))]
        return [ids for ids in rows if len(ids) > shape.window]

    around = [ids for edit in material.edits if (ids := cut_around(edit, tokenizer, shape)).size]
    texts = RepositoryTexts(ids_of(material.texts), around, ids_of(held_out))
    made = Batches(texts, tokenizer, shape, size, seed)
    made.corruptor.holes = RepositoryHoles(tokenizer, shape, material.edits)
    return made


def cut_around(edit: HistoryEdit, tokenizer: Tokenizer, shape: Shape) -> Ints:
    """The tokens around the outcome of an edit; none where the file has fewer than a window."""
    text = edit.prefix + edit.new + edit.suffix
    ids, offsets = tokenizer.encode(text), tokenizer.offsets(text)
    at = sum(start < len(edit.prefix) for start, _ in offsets)
    end = min(len(ids), max(0, at - int(BEFORE * shape.window)) + shape.window + shape.tail)
    found = np.array(ids[max(0, end - shape.window - shape.tail) : end], np.int64)
    return found if len(found) > shape.window else found[:0]


def _drawn(rng: np.random.Generator, texts: Sequence[Ints]) -> Ints:
    """One of them, the longer the likelier."""
    weight = np.minimum([len(ids) for ids in texts], MOST_WEIGHT).astype(float)
    return texts[int(rng.choice(len(texts), p=weight / weight.sum()))]


def _found(edit: HistoryEdit, text: str) -> RewritePair | None:
    before, after = edit.prefix[-AROUND:], edit.suffix[:AROUND]
    at = text.find(before + edit.new + after)
    if at < 0:
        return None
    start = at + len(before)
    span = Span(start, start + len(edit.new))
    return RewritePair("history", span, edit.old, edit.new, edit.instruction)
