"""Candidates of jobs: drawn together in one denoising, cut at their ends, the likeliest first."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from instant_edit.context import ContextWindow
from instant_edit.denoise import Denoising, Limits, Step
from instant_edit.drafting import Outcome, Plan, Sampler
from instant_edit.ending import cut_at_end, suffix_likelihoods
from instant_edit.job import Costs, Job
from instant_edit.models.protocol import Denoiser

OnStep = Callable[[Step], None]
Candidate = tuple[Outcome, ...]  # one outcome a span


def run(
    denoiser: Denoiser,
    sampler: Sampler,
    plans: Sequence[Plan],
    limits: Limits,
    costs: Costs,
    on_step: OnStep | None,
    shown: Sequence[int],
) -> Denoising:
    """Denoise to the end, counting costs and telling of the canvases ``shown``."""
    began = time.perf_counter()
    denoising = Denoising(denoiser, plans, sampler=sampler, limits=limits)
    for step in denoising.steps(shown):
        costs.steps += 1
        if on_step is not None:
            on_step(replace(step, number=costs.steps))
    costs.passes += denoising.passes
    costs.rows += denoising.context_rows
    costs.reused += denoising.reused_rows
    costs.context += denoising.context_milliseconds
    costs.denoise += 1000 * (time.perf_counter() - began) - denoising.context_milliseconds
    return denoising


def draw(
    denoiser: Denoiser,
    sampler: Sampler,
    jobs: Sequence[Job],
    costs: Costs,
    on_step: OnStep | None = None,
) -> list[list[Candidate]]:
    """For each job its candidates, best first; every canvas of every job is denoised together.

    ``on_step`` is told of the first candidates, span by span and job by job.
    """
    plans: list[Plan] = []
    shown: list[int] = []
    for job in jobs:
        width = len(job.spans)
        shown += range(len(plans), len(plans) + width)
        for number in range(job.candidates):
            plans += [job.plan(index, number) for index in range(width)]
    if not plans:
        return [[()] for _ in jobs]
    limits = Limits.together([job.limits for job in jobs])
    denoising = run(denoiser, sampler, plans, limits, costs, on_step, shown)
    drawn = denoising.outcomes()
    again = _unchanged(jobs, drawn, sampler.second)
    if again and not denoising.timed_out:
        others = [replace(plans[index], begin=drawn[index].doubts[0].begin) for index in again]
        some = [place for place, index in enumerate(again) if index in shown]
        denoising = run(denoiser, sampler, others, limits, costs, on_step, some)
        for index, outcome in zip(again, denoising.outcomes(), strict=True):
            doubts = sorted((*drawn[index].doubts[1:], *outcome.doubts), reverse=True)
            drawn[index] = replace(outcome, doubts=tuple(doubts))
    outcomes = iter(drawn)
    out = []
    for job in jobs:
        groups = [tuple(next(outcomes) for _ in job.spans) for _ in range(job.candidates)]
        scorable = sampler.scored and denoiser.verifies and not denoising.timed_out
        out.append(_finished(denoiser, job, groups, costs) if scorable else _distinct(groups))
    return out


def _unchanged(jobs: Sequence[Job], drawn: Sequence[Outcome], least: float) -> list[int]:
    """Indices of the outcomes of rewrites that changed nothing, and could have.

    Not of spans that are rewritten together: some of those may well stay as they are.

    Args:
        jobs: what was asked.
        drawn: what came of it.
        least: how likely another token must have been.
    """
    out, first = [], 0
    for job in jobs:
        for _ in range(job.candidates):
            one = drawn[first]
            doubted = one.unchanged and one.doubts and one.doubts[0].likely >= least
            if len(job.spans) == 1 and doubted:
                out.append(first)
            first += len(job.spans)
    return out


def _finished(
    denoiser: Denoiser, job: Job, groups: list[Candidate], costs: Costs
) -> list[Candidate]:
    """Candidates with their ends found, ranked."""
    if job.request.effective_mode == "fill" and not job.oracle_length:
        groups = [
            tuple(
                outcome if outcome.ended else _cut(denoiser, outcome, here, costs)
                for outcome, here in zip(group, job.windows, strict=True)
            )
            for group in groups
        ]
    groups = _distinct(groups)
    return groups if len(groups) == 1 else _ranked(denoiser, job, groups, costs)


def _distinct(groups: list[Candidate]) -> list[Candidate]:
    return list(dict.fromkeys(groups))


def _cut(denoiser: Denoiser, outcome: Outcome, here: ContextWindow, costs: Costs) -> Outcome:
    """End a middle that found no END by itself."""
    costs.passes += 1
    return cut_at_end(denoiser, outcome, here)


def _ranked(denoiser: Denoiser, job: Job, groups: list[Candidate], costs: Costs) -> list[Candidate]:
    """Candidates by log p(middle | prefix) + log p(suffix | prefix, middle).

    Rewrites by their own likelihood alone: what is asked for, the left-to-right model can not see.
    """
    if job.request.effective_mode == "rewrite":
        own = [sum(sum(o.likelihoods) for o in group) for group in groups]
        return [groups[i] for i in sorted(range(len(groups)), key=lambda i: (-own[i], i))]
    pairs = [pair for group in groups for pair in zip(group, job.windows, strict=True)]
    scores = suffix_likelihoods(
        denoiser,
        [w.ids for _, w in pairs],
        [o.ids for o, _ in pairs],
        [w.following for _, w in pairs],
    )
    costs.passes += 1
    totals = [sum(o.likelihoods) + score for (o, _), score in zip(pairs, scores, strict=True)]
    width = len(job.windows)
    joint = [sum(totals[i : i + width]) for i in range(0, len(totals), width)]
    order = sorted(range(len(groups)), key=lambda index: (-joint[index], index))
    return [groups[index] for index in order]
