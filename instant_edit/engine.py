"""``Editor``: a request in, a validated result out. No I/O, no editor protocol.

The path of the data: request -> spans -> context windows -> canvases -> denoising -> splice ->
gate; on a finding, repair by remasking, then the next candidate, then an honest "no edit".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType

from instant_edit import models
from instant_edit.context import ContextWindow
from instant_edit.denoise import Denoising, Step
from instant_edit.drafting import AUTOREGRESSIVE, Outcome, Plan, Sampler
from instant_edit.ending import cut_at_end, suffix_likelihoods
from instant_edit.job import Costs, Job
from instant_edit.models.protocol import ContextIds, Denoiser, ModelInfo
from instant_edit.repair import repairs
from instant_edit.request import Edit, EditRequest, EditResult, Finding, Verdict
from instant_edit.splice import Shift, conform, splice
from instant_edit.validate import validate

REPAIRS = 2

OnStep = Callable[[Step], None]


class Editor:
    """Rewrites spans with one model. Not for use by several threads at once."""

    def __init__(self, denoiser: Denoiser, sampler: Sampler | None = None) -> None:
        self._denoiser = denoiser
        self._sampler = sampler or Sampler()

    @classmethod
    def open(cls, model: str = "embedded", decoding: str = "diffusion") -> Editor:
        """Load a model.

        Args:
            model: its name, or the path of a ``.gguf`` weights file.
            decoding: ``"diffusion"``, or ``"ar"``: the same weights left to right, the baseline.

        Raises:
            ModelError: the model is unknown, missing or corrupt.
        """
        sampler = {"diffusion": Sampler(), "ar": AUTOREGRESSIVE}[decoding]
        return cls(models.load(model), sampler)

    def __enter__(self) -> Editor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the model's memory."""
        del self._denoiser

    @property
    def model(self) -> ModelInfo:
        """What the model is."""
        return self._denoiser.info

    def count_tokens(self, text: str) -> int:
        """How many tokens the model needs for ``text``."""
        return len(self._denoiser.tokenizer.encode(text))

    def edit(
        self,
        request: EditRequest,
        *,
        as_given: bool = False,
        oracle_length: bool = False,
        cancelled: Callable[[], bool] | None = None,
        on_step: OnStep | None = None,
    ) -> EditResult:
        """Rewrite the spans of a request.

        Args:
            request: the text, its spans, and what is wanted.
            as_given: take the spans as they are, without trimming blanks (evaluation).
            oracle_length: write as many tokens as the old text had (evaluation).
            cancelled: asked between denoising steps.
            on_step: told of each step, for previews.

        Returns:
            The new text and its edits; the old text and the findings where nothing validated.

        Raises:
            InputError: a span or the language can not be edited.
            EditCancelled: ``cancelled`` said so.
        """
        costs = Costs()
        job = Job.of(
            request,
            self._denoiser.tokenizer,
            as_given=as_given,
            oracle_length=oracle_length,
            cancelled=cancelled,
        )
        if not job.spans:
            return EditResult(request.source, (), Verdict(True), costs.stats(0))
        rejected: list[EditResult] = []
        for outcomes in self._candidates(job, costs, on_step):
            result = self._gated(job, outcomes, costs)
            for _ in range(REPAIRS):
                if result.verdict.ok or job.limits.check():
                    break
                mended = self._repaired(job, outcomes, result, costs, on_step)
                if mended is None:
                    break
                outcomes = mended
                result = self._gated(job, outcomes, costs)
            if result.verdict.ok:
                return result
            rejected.append(result)
        stats = costs.stats(rejected[0].stats.tokens)
        return EditResult(request.source, (), in_old_text(rejected[0]), stats)

    def _candidates(
        self, job: Job, costs: Costs, on_step: OnStep | None
    ) -> list[tuple[Outcome, ...]]:
        """All candidates, denoised together, the likeliest first."""
        count, width = max(1, job.request.candidates), len(job.spans)
        plans = [
            job.plan(index, greedy=candidate == 0)
            for candidate in range(count)
            for index in range(width)
        ]
        denoising = self._run(job, plans, costs, on_step, shown=range(width))
        outcomes = denoising.outcomes()
        scorable = self._denoiser.verifies and not denoising.timed_out
        if scorable and job.request.effective_mode == "fill" and not job.oracle_length:
            outcomes = [
                o if o.ended else self._cut(o, job.windows[index % width], costs)
                for index, o in enumerate(outcomes)
            ]
        groups = [tuple(outcomes[i : i + width]) for i in range(0, len(outcomes), width)]
        groups = list(dict.fromkeys(groups))
        if len(groups) == 1 or not scorable:
            return groups
        return self._ranked(job, groups, costs)

    def _cut(self, outcome: Outcome, here: ContextWindow, costs: Costs) -> Outcome:
        """End a middle that found no END by itself."""
        costs.passes += 1
        return cut_at_end(self._denoiser, outcome, here)

    def _ranked(
        self, job: Job, groups: list[tuple[Outcome, ...]], costs: Costs
    ) -> list[tuple[Outcome, ...]]:
        """Candidates by log p(middle | prefix) + log p(suffix | prefix, middle)."""
        pairs = [pair for group in groups for pair in zip(group, job.windows, strict=True)]
        contexts = [ContextIds((*w.ids.prefix, *o.ids), ()) for o, w in pairs]
        scores = suffix_likelihoods(self._denoiser, contexts, [w.following for _, w in pairs])
        costs.passes += 1
        totals = [sum(o.likelihoods) + score for (o, _), score in zip(pairs, scores, strict=True)]
        width = len(job.windows)
        joint = [sum(totals[i : i + width]) for i in range(0, len(totals), width)]
        order = sorted(range(len(groups)), key=lambda index: (-joint[index], index))
        return [groups[index] for index in order]

    def _run(
        self,
        job: Job,
        plans: Sequence[Plan],
        costs: Costs,
        on_step: OnStep | None,
        shown: Sequence[int],
        *,
        verified: bool | None = None,
    ) -> Denoising:
        began = time.perf_counter()
        fill = job.request.effective_mode == "fill"
        denoising = Denoising(
            self._denoiser,
            plans,
            sampler=self._sampler,
            seed=job.request.seed,
            verified=fill if verified is None else verified,
            limits=job.limits,
        )
        for step in denoising.steps(shown):
            costs.steps += 1
            if on_step is not None:
                on_step(replace(step, number=costs.steps))
        costs.passes += denoising.passes
        costs.context += denoising.context_milliseconds
        costs.denoise += 1000 * (time.perf_counter() - began) - denoising.context_milliseconds
        return denoising

    def _gated(self, job: Job, outcomes: Sequence[Outcome], costs: Costs) -> EditResult:
        """Splice the outcomes in and ask the gate."""
        began = time.perf_counter()
        request, source = job.request, job.source
        edits = []
        for span, here, outcome in zip(job.spans, job.windows, outcomes, strict=True):
            text, fits = replacement(self._denoiser.tokenizer.decode_bytes(outcome.ids), here)
            if not fits:
                finding = Finding("incomplete", "the model left the span unfinished", span.start)
                return self._result(job, request.source, [], Verdict(False, (finding,)), costs)
            edits.append(Edit(span, conform(text, source, span), sureness(outcome.confidence)))
        after = splice(request.source, edits)
        special = self._denoiser.tokenizer.control_texts
        verdict = validate(
            request.source, after, edits, job.language, request.path or "<text>", special
        )
        costs.gate += 1000 * (time.perf_counter() - began)
        tokens = sum(len(o.ids) for o in outcomes)
        return EditResult(after, tuple(edits), verdict, costs.stats(tokens))

    def _result(
        self, job: Job, source: str, edits: list[Edit], verdict: Verdict, costs: Costs
    ) -> EditResult:
        return EditResult(source, tuple(edits), verdict, costs.stats(0))

    def _repaired(
        self,
        job: Job,
        outcomes: Sequence[Outcome],
        result: EditResult,
        costs: Costs,
        on_step: OnStep | None,
    ) -> tuple[Outcome, ...] | None:
        """Remask the tokens under the findings and denoise them again; None without any."""
        plans = repairs(
            [job.plan(index) for index in range(len(job.spans))],
            outcomes,
            result,
            job.windows,
            self._denoiser.tokenizer,
        )
        if plans is None:
            return None
        run = self._run(job, plans, costs, on_step, range(len(plans)), verified=False)
        return tuple(run.outcomes())


def replacement(written: bytes, here: ContextWindow) -> tuple[str, bool]:
    """The replacement text that canvas bytes stand for, and whether it is complete."""
    if not written.startswith(here.forced) or (here.forced and not written):
        return "", False
    try:
        text = written[len(here.forced) :].decode("utf-8")
    except UnicodeDecodeError:
        return "", False
    return text + here.closing, True


def in_old_text(rejected: EditResult) -> Verdict:
    """The verdict on a rejected edit, its positions those of the text before it."""
    shift = Shift.of(rejected.edits)
    findings = (replace(f, position=shift.original(f.position)) for f in rejected.verdict.findings)
    return Verdict(False, tuple(findings))


def sureness(confidence: Sequence[float]) -> float:
    """Geometric mean of token probabilities; 1.0 for no tokens."""
    if not confidence:
        return 1.0
    product = 1.0
    for value in confidence:
        product *= max(value, 1e-6) ** (1 / len(confidence))
    return product
