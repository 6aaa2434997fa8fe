"""A corpus of this project's own source, and sizes small enough for a test."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

import instant_edit
from instant_edit.training.batch import Batches
from instant_edit.training.corpus import Corpus
from instant_edit.training.shape import Ints, Shape
from tests.scripted import tokenizer

SHAPE = Shape(window=64, holes=3, tail=48, slots=24, longest=12, catalogue_share=0.0)
FILES = ("spans.py", "splice.py", "text.py", "tokenizer.py", "languages.py", "spine.py")


@cache
def documents() -> tuple[Ints, ...]:
    """Token ids of some source files, one of them with more than ASCII in it."""
    folder = Path(instant_edit.__file__).parent
    texts = [(folder / name).read_text("utf-8") for name in FILES]
    texts.append("# naïve 😀 café\nnames = ['é', '漢字', 'ß']\n" * 20)
    return tuple(np.array(tokenizer().encode(text), np.int64) for text in texts)


def write_corpus(folder: Path) -> Path:
    """Write a corpus as ``build`` does; the last document is held out."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = [row.astype(np.uint16) for row in documents()]
    lengths = np.array([len(row) for row in ids])
    np.concatenate(ids).tofile(folder / "tokens.bin")
    offsets = np.concatenate([[0], lengths.cumsum()[:-1]])
    held_out = np.arange(len(ids)) == len(ids) - 1
    np.savez(folder / "documents.npz", offset=offsets, length=lengths, held_out=held_out)
    return folder


def make_batches(folder: Path, size: int = 2, seed: int = 0) -> Batches:
    """Batches over a corpus that ``write_corpus`` wrote."""
    return Batches(Corpus(folder, SHAPE.window + 1), tokenizer(), SHAPE, size, seed)
