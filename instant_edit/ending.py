"""Where a span ends when no END was said: the end after which its suffix is likeliest.

p(middle, suffix) under the causal pass needs no training to see both sides: of the places where
the middle may end, the one with the highest log p(middle | prefix) + log p(suffix | prefix, middle)
is taken. The same score ranks candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from instant_edit.context import ContextWindow
from instant_edit.drafting import Outcome
from instant_edit.models.protocol import ContextIds, Denoiser
from instant_edit.tokenizer import Tokenizer

SUFFIX_SCORED = 24  # tokens after the span whose likelihood is asked for
MOST_ENDS = 6


def possible_ends(outcome: Outcome, here: ContextWindow, tokenizer: Tokenizer) -> list[int]:
    """Token counts at which the middle may end: before each line break and at the very end.

    Where the suffix goes on in the same line, every token of the first line may be the last.
    """
    pieces = [tokenizer.token_bytes[token] for token in outcome.ids]
    following = tokenizer.token_bytes[here.following[0]] if here.following else b"\n"
    written, ends = b"", []
    for index, piece in enumerate(pieces):
        known = len(written) <= len(here.forced)
        if not known and (piece.startswith(b"\n") or not following.startswith(b"\n")):
            ends.append(index)
        written += piece
    return [*ends[: MOST_ENDS - 1], len(pieces)]


def suffix_likelihoods(
    denoiser: Denoiser,
    contexts: Sequence[ContextIds],
    middles: Sequence[Sequence[int]],
    following: Sequence[Sequence[int]],
) -> list[float]:
    """For each context, log p(next suffix tokens | prefix, middle), in one pass.

    Middle and suffix go through it as a draft would, so the contexts are those denoised over,
    encoded already.
    """
    session = denoiser.encode(contexts)
    scored = [list(ids[:SUFFIX_SCORED]) for ids in following]
    drafts = [[*middle, *ids] for middle, ids in zip(middles, scored, strict=True)]
    out = []
    predictions = session.forward(drafts, [[]] * len(drafts))
    for prediction, middle, ids in zip(predictions, middles, scored, strict=True):
        assert prediction.causal is not None
        rows = prediction.causal[len(middle) : len(middle) + len(ids)]
        out.append(float(rows[range(len(ids)), ids].sum()) if ids else 0.0)
    return out


def cut_at_end(denoiser: Denoiser, outcome: Outcome, here: ContextWindow) -> Outcome:
    """The outcome cut where its suffix follows best."""
    ends = possible_ends(outcome, here, denoiser.tokenizer)
    middles = [outcome.ids[:end] for end in ends]
    count = len(ends)
    scores = suffix_likelihoods(denoiser, [here.ids] * count, middles, [here.following] * count)
    totals = [
        sum(outcome.likelihoods[:end]) + score for end, score in zip(ends, scores, strict=True)
    ]
    end = ends[totals.index(max(totals))]
    return replace(
        outcome,
        ids=outcome.ids[:end],
        confidence=outcome.confidence[:end],
        likelihoods=outcome.likelihoods[:end],
        ended=True,
    )
