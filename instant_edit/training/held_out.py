"""The held-out documents of a corpus as files, for measurements that read files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from instant_edit import languages
from instant_edit.training.edits import guess_language

if TYPE_CHECKING:
    from pathlib import Path

    from instant_edit.tokenizer import Tokenizer
    from instant_edit.training.corpus import Corpus


def write_files(corpus: Corpus, tokenizer: Tokenizer, out: Path) -> None:
    """Write each held-out document, named by its number and the language it seems to be in."""
    out.mkdir(parents=True, exist_ok=True)
    for number in np.flatnonzero(corpus.held_out):
        start = int(corpus.offset[number])
        text = tokenizer.decode(corpus.tokens[start : start + int(corpus.length[number])].tolist())
        suffix = languages.get(guess_language(text)).patterns[0].removeprefix("*")
        (out / f"{number:05}{suffix}").write_text(text, encoding="utf-8")
