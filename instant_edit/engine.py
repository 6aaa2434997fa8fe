"""``Editor``: a request in, a validated result out. No I/O, no editor protocol.

The path of the data: request -> spans -> context windows -> canvases -> denoising -> splice ->
gate; on a finding, repair by remasking, then the next candidate, then an honest "no edit".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import TracebackType

from instant_edit import candidates, models
from instant_edit.candidates import Candidate, OnStep
from instant_edit.context import ContextWindow
from instant_edit.drafting import AUTOREGRESSIVE, Outcome, Sampler
from instant_edit.job import Costs, Job
from instant_edit.mending import is_broken
from instant_edit.models.protocol import Denoiser, ModelInfo
from instant_edit.repair import repairs
from instant_edit.request import Edit, EditRequest, EditResult, Finding, Verdict
from instant_edit.splice import Shift, conform, splice
from instant_edit.validate import validate

Judge = Callable[[EditResult], Verdict]


class Editor:
    """Rewrites spans with one model. Not for use by several threads at once."""

    def __init__(self, denoiser: Denoiser, sampler: Sampler | None = None) -> None:
        self._denoiser = denoiser
        self._sampler = sampler or Sampler()

    @classmethod
    def open(cls, model: str = "embedded", decoding: str = "diffusion") -> Editor:
        """Load a model.

        Args:
            model: its name, or a path; see ``models/registry.py``.
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
        judge: Judge | None = None,
        cancelled: Callable[[], bool] | None = None,
        on_step: OnStep | None = None,
    ) -> EditResult:
        """Rewrite the spans of a request.

        Args:
            request: the text, its spans, and what is wanted.
            as_given: take the spans as they are, without trimming blanks (evaluation).
            oracle_length: write as many tokens as the old text had (evaluation).
            judge: asked about each result that passed the gate; one that it does not find ok is
                rejected, and the next candidate is tried.
            cancelled: asked between denoising steps.
            on_step: told of each step, for previews.

        Returns:
            The new text and its edits; the old text and the findings where nothing validated.

        Raises:
            InputError: a span or the language can not be edited.
            EditCancelled: ``cancelled`` said so.
        """
        job = Job.of(
            request,
            self._denoiser.tokenizer,
            as_given=as_given,
            oracle_length=oracle_length,
            cancelled=cancelled,
        )
        costs = Costs()
        (groups,) = candidates.draw(self._denoiser, self._sampler, [job], costs, on_step)
        return self._settled(job, groups, costs, judge, on_step)

    def edit_many(
        self,
        requests: Sequence[EditRequest],
        *,
        cancelled: Callable[[], bool] | None = None,
        on_step: OnStep | None = None,
    ) -> tuple[EditResult, ...]:
        """Rewrite the spans of several texts, all denoised together; each is gated by itself.

        The first deadline among them ends the denoising of all. Stats count what was done
        together in each result. On processors whose rounding depends on a batch's shape, an edit
        may differ from the same edit alone; the same requests together give the same bytes.

        Raises:
            InputError: a span or the language of one can not be edited.
            EditCancelled: ``cancelled`` said so.
        """
        tokenizer = self._denoiser.tokenizer
        jobs = [Job.of(request, tokenizer, cancelled=cancelled) for request in requests]
        costs = Costs()
        drawn = candidates.draw(self._denoiser, self._sampler, jobs, costs, on_step)
        return tuple(
            self._settled(job, groups, replace(costs), None, None)
            for job, groups in zip(jobs, drawn, strict=True)
        )

    def _settled(
        self,
        job: Job,
        groups: Sequence[Candidate],
        costs: Costs,
        judge: Judge | None,
        on_step: OnStep | None,
    ) -> EditResult:
        """The first candidate that passes the gate, mended if need be, and the judge."""
        if not job.spans:
            return EditResult(job.request.source, (), Verdict(True), costs.stats(0))
        tried: list[EditResult] = []
        for outcomes in groups:
            tried.append(_judged(self._repaired(job, outcomes, costs, on_step), judge))
            if tried[-1].verdict.ok:
                break
        if not mended(job, tried[-1]):
            for outcomes in self._others(job, groups[0], costs, on_step):
                result = _judged(self._gated(job, outcomes, costs), judge)
                if result.verdict.ok and mended(job, result):
                    return result
        if tried[-1].verdict.ok:
            return tried[-1]
        stats = costs.stats(tried[0].stats.tokens)
        return EditResult(job.request.source, (), in_old_text(tried[0]), stats)

    def _others(
        self, job: Job, outcomes: Candidate, costs: Costs, on_step: OnStep | None
    ) -> Iterator[Candidate]:
        """Other ways to rewrite one span, from a candidate's doubts; denoised together."""
        doubts = outcomes[0].doubts[: self._sampler.mending] if len(outcomes) == 1 else ()
        if not doubts or job.limits.check():
            return
        plans = [replace(job.plan(0), begin=doubt.begin) for doubt in doubts]
        denoising = candidates.run(
            self._denoiser, self._sampler, plans, job.limits, costs, on_step, (0,)
        )
        for outcome in denoising.outcomes():
            yield (outcome,)

    def _repaired(
        self, job: Job, outcomes: Candidate, costs: Costs, on_step: OnStep | None
    ) -> EditResult:
        """A candidate through the gate; what it finds is remasked and denoised again."""
        result = self._gated(job, outcomes, costs)
        for _ in range(self._sampler.repairs):
            if result.verdict.ok or job.limits.check():
                break
            plans = [job.plan(index) for index in range(len(job.spans))]
            again = repairs(plans, outcomes, result, job.windows, self._denoiser.tokenizer)
            if again is None:
                break
            shown = range(len(again))
            denoising = candidates.run(
                self._denoiser, self._sampler, again, job.limits, costs, on_step, shown
            )
            outcomes = tuple(denoising.outcomes())
            result = self._gated(job, outcomes, costs)
        return result

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


def _judged(result: EditResult, judge: Judge | None) -> EditResult:
    """A result that passed the gate, with the verdict of the judge."""
    if judge is None or not result.verdict.ok:
        return result
    return replace(result, verdict=judge(result))


def replacement(written: bytes, here: ContextWindow) -> tuple[str, bool]:
    """The replacement text that canvas bytes stand for, and whether it is complete."""
    if not written.startswith(here.forced) or (here.forced and not written):
        return "", False
    try:
        text = written[len(here.forced) :].decode("utf-8")
    except UnicodeDecodeError:
        return "", False
    return text + here.closing, True


def mended(job: Job, result: EditResult) -> bool:
    """Whether a rewrite has mended the syntax error that its span had; True where it had none."""
    request, language = job.request, job.language
    path = request.path or "<text>"
    if request.effective_mode == "fill" or not is_broken(request.source, job.spans, language, path):
        return True
    if not result.verdict.ok:
        return False
    written = [region.new for region in Shift.of(result.edits).regions]
    return not is_broken(result.source, written, language, path)


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
