"""What is learned from: the repository's text at the split, and what its commits changed before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from instant_edit.errors import InputError
from instant_edit.training import histories
from instant_edit.training.filtering import Near, Skipped, clean
from instant_edit.training.histories import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from instant_edit.tokenizer import Tokenizer
    from instant_edit.training.histories import HistoryEdit
    from instant_edit.tuning.repository import Repository

MOST_BYTES = 20_000_000  # of text
MOST_COMMITS = 4000  # that edits are looked for in, the newest before the split
FEWEST_TOKENS = 2000


@dataclass(frozen=True, slots=True)
class Material:
    """Texts to learn from and edits that people made of such texts.

    Args:
        texts: each of a file, or of several short ones.
        edits: small ones whose commit says what they do.
        files: how many files the texts are of.
        skipped: how many files and changes were left out, by reason.
    """

    texts: tuple[str, ...]
    edits: tuple[HistoryEdit, ...]
    files: int
    skipped: dict[str, int]


def gather(repository: Repository, tokenizer: Tokenizer, window: int) -> Material:
    """The material of a repository; of no commit that is held out.

    Args:
        repository: where.
        tokenizer: the model's.
        window: tokens that an example needs; shorter files are put together.

    Raises:
        InputError: there is too little in languages that are known.
    """
    skipped: Counter[str] = Counter()
    sources = repository.sources(MOST_BYTES)
    if not sources:
        raise InputError(
            f"{repository.path} tracks no file in a language that is known, as of "
            f"{repository.split[:12]}; 'instant-edit train' learns from source code only"
        )
    texts = _cleaned(sources, skipped)
    lengths = [len(ids) for ids in tokenizer.encode_batch(texts)]
    if sum(lengths) < max(FEWEST_TOKENS, window + 1):
        raise InputError(
            f"{repository.path} has {sum(lengths)} tokens of source code that could be learned "
            f"from, as of {repository.split[:12]}, and {FEWEST_TOKENS} are needed "
            f"(left out: {_said(skipped)})"
        )
    part = Part(repository.before, before_2025=False, most=MOST_COMMITS)
    edits = tuple(histories.edits(repository.path, skipped, part))
    return Material(joined(texts, lengths, window + 1), edits, len(texts), dict(skipped))


def joined(texts: Sequence[str], lengths: Sequence[int], least: int) -> tuple[str, ...]:
    """Texts, those shorter than ``least`` tokens put together until they are not.

    Args:
        texts: any.
        lengths: their tokens.
        least: tokens that a text needs; all together have as many.
    """
    whole = [text for text, length in zip(texts, lengths, strict=True) if length >= least]
    short, size = [], 0
    for text, length in zip(texts, lengths, strict=True):
        if length < least:
            short.append(text)
            size += length
            if size >= least:
                whole.append("\n\n".join(short))
                short, size = [], 0
    if short and whole:
        whole[-1] = "\n\n".join([whole[-1], *short])
    return tuple(whole)


def _cleaned(sources: Iterable[tuple[str, bytes]], skipped: Counter[str]) -> list[str]:
    near, texts = Near(), []
    for path, data in sources:
        try:
            text = clean(path, data, lenient=True)
        except Skipped as reason:
            skipped[str(reason)] += 1
            continue
        if near.duplicate(text):
            skipped["duplicate"] += 1
        else:
            texts.append(text)
    return texts


def _said(skipped: Counter[str]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in sorted(skipped.items())) or "nothing"
