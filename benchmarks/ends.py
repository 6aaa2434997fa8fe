"""How well END and the suffix's likelihood tell where a span ends, on held-out text.

Hides one to four lines of documents that training never saw, gives the model the true lines one by
one, and asks at the end of each what it would be asked there: the canvas for the log-odds of END,
the causal pass for the mean log-probability of the suffix. Fits a logistic regression of "the span
ends here" on both, prints its weights, and how often each of the three tells right.

    python -m benchmarks.ends --corpus FOLDER [--rows 200] [--seed 0]
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.sampler import holes
from instant_edit import EditRequest, Span
from instant_edit.job import Job
from instant_edit.models import load
from instant_edit.models.protocol import Denoiser

Floats = NDArray[np.float64]


def asked(denoiser: Denoiser, text: str, span: Span) -> list[tuple[float, float, bool]]:
    """For the end of each hidden line: log-odds of END, suffix likelihood, whether it ends."""
    words = denoiser.tokenizer
    job = Job.of(EditRequest(text, (span,), "python", mode="fill"), words, as_given=True)
    (here,), plan = job.windows, job.plan(0)
    whole = here.forced.decode() + text[span.start : span.end].removesuffix(here.closing)
    lines = whole.split("\n")
    session, done, out = denoiser.encode([here.ids]), 0, []
    for number in range(len(lines)):
        ids = words.encode("\n".join(lines[: number + 1]))
        if number + 1 < len(lines) and ids != words.encode(whole)[: len(ids)]:
            continue
        prediction = session.forward([ids[done:]], [[words.special.mask] * 16])[0]
        session.accept([len(ids) - done])
        done = len(ids)
        (after,) = session.forward([list(plan.following)], [[]])
        assert after.causal is not None
        rows = after.causal[torch.arange(len(plan.following)), list(plan.following)]
        odds = log_odds(float(prediction.canvas[0, words.special.end]))
        out.append((odds, float(rows.mean()), number + 1 == len(lines)))
    return out


def log_odds(score: float) -> float:
    """The log-odds of a log-probability, kept within 10 of even."""
    return min(10.0, max(-10.0, score - math.log(max(1e-9, -math.expm1(min(score, 0.0))))))


def fit(features: Floats, truth: Floats, rounds: int = 50) -> Floats:
    """Logistic regression by Newton's method, both classes weighing the same; bias last."""
    x = np.hstack([features, np.ones((len(features), 1))])
    balance = np.where(truth == 1, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))
    weights = np.zeros(x.shape[1])
    for _ in range(rounds):
        share = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (balance * (truth - share)) - 1e-3 * weights
        curve = (x * (balance * share * (1 - share))[:, None]).T @ x + 1e-3 * np.eye(len(weights))
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def best_threshold(score: Floats, truth: Floats) -> tuple[float, float]:
    """Where to cut a score so that both classes are told best, and the mean of their rates."""
    rated = [
        (float(((score >= cut)[truth == 1].mean() + (score < cut)[truth == 0].mean()) / 2), cut)
        for cut in np.unique(score)
    ]
    rate, cut = max(rated)
    return float(cut), rate


def main() -> None:
    """Ask, fit and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    denoiser = load(options.model)
    found = [
        answer
        for lines in range(1, 5)
        for text, span in holes(options.corpus, options.rows // 4, options.seed + lines, lines)
        for answer in asked(denoiser, text, span)
    ]
    features = np.array([answer[:2] for answer in found])
    truth = np.array([answer[2] for answer in found], dtype=np.float64)
    half = np.arange(len(truth)) % 2 == 0
    weights = fit(features[half], truth[half])
    joint = features @ weights[:2] + weights[2]
    print(f"{len(truth)} line ends, {int(truth.sum())} of them the span's; weights from one half,")
    print("thresholds and rates (mean of both classes) from the other:")
    for name, score in (("END", features[:, 0]), ("suffix", features[:, 1]), ("both", joint)):
        cut, rate = best_threshold(score[~half], truth[~half])
        print(f"  {name:7} at {cut:6.2f}: {rate:.1%} right")
    end, suffix, bias = weights
    print(f"suffix + {end / suffix:.3f} * log-odds of END >= {-bias / suffix:.3f}")


if __name__ == "__main__":
    main()
