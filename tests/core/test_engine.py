"""The whole path over a scripted denoiser."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instant_edit import Editor, EditRequest, EditResult, Span
from instant_edit.denoise import Step
from instant_edit.errors import EditCancelled, LanguageError, SpanError
from instant_edit.models.protocol import ContextIds
from tests.scripted import ScriptedDenoiser

SOURCE = "def area(width, height):\n    result = 0\n    return result\n\n\nprint(area(2, 3))\n"


def span_of(source: str, text: str) -> Span:
    start = source.index(text)
    return Span(start, start + len(text))


def edit(
    source: str,
    spans: tuple[Span, ...],
    *finals: str,
    sure: float = 0.95,
    slips: dict[int, str] | None = None,
    verifies: bool = True,
    **options: Any,
) -> EditResult:
    denoiser = ScriptedDenoiser(*finals, sure=sure, slips=slips, verifies=verifies)
    request = EditRequest(source, spans, "python", **options)
    with Editor(denoiser) as editor:
        return editor.edit(request)


@pytest.mark.parametrize("verifies", [True, False])
@pytest.mark.parametrize("sure", [0.5, 0.95])
def test_a_span_is_filled_and_only_the_span(verifies: bool, sure: float) -> None:
    final = SOURCE.replace("result = 0", "result = width * height")
    result = edit(SOURCE, (span_of(SOURCE, "result = 0"),), final, verifies=verifies, sure=sure)
    assert result.verdict.ok, result.verdict
    assert result.source == final
    assert result.edits[0].text == "result = width * height"


def test_a_sure_denoiser_writes_several_tokens_a_pass() -> None:
    final = SOURCE.replace("result = 0", "result = width * height")
    span = (span_of(SOURCE, "result = 0"),)
    assert edit(SOURCE, span, final, sure=0.95).stats.tokens_per_forward > 2
    doubtful = edit(SOURCE, span, final, sure=0.1).stats
    assert doubtful.tokens_per_forward < 2
    assert doubtful.tokens == edit(SOURCE, span, final).stats.tokens


def test_whole_lines_are_inserted_with_their_line_ending() -> None:
    at = SOURCE.index("    result = 0")
    final = SOURCE.replace("    result = 0\n", "    assert width > 0\n    result = 0\n")
    result = edit(SOURCE, (Span(at, at),), final)
    assert result.verdict.ok, result.verdict
    assert result.source == final


def test_crlf_stays_crlf() -> None:
    source = SOURCE.replace("\n", "\r\n")
    final = SOURCE.replace("    return result\n", "    if result:\n        return result\n")
    result = edit(source, (span_of(source, "return result"),), final)
    assert result.verdict.ok, result.verdict
    assert result.source == final.replace("\n", "\r\n")


def test_several_spans_are_denoised_together() -> None:
    final = SOURCE.replace("result = 0", "total = width * height").replace(
        "return result", "return total"
    )
    denoiser = ScriptedDenoiser(  # each canvas sees the other span as a hole
        SOURCE.replace("result = 0", "total = width * height").replace("return result", ""),
        SOURCE.replace("result = 0", "").replace("return result", "return total"),
    )
    spans = (span_of(SOURCE, "return result"), span_of(SOURCE, "result = 0"))
    with Editor(denoiser) as editor:
        result = editor.edit(EditRequest(SOURCE, spans, "python"))
    assert result.verdict.ok, result.verdict
    assert result.source == final
    assert [e.text for e in result.edits] == ["return total", "total = width * height"]
    assert result.stats.forward_passes == denoiser.passes <= 6


def test_an_edit_that_breaks_syntax_is_not_made() -> None:
    final = SOURCE.replace("result = 0", "result = (width")
    result = edit(SOURCE, (span_of(SOURCE, "result = 0"),), final)
    assert not result.verdict.ok
    assert result.source == SOURCE
    assert result.edits == ()
    assert {f.kind for f in result.verdict.findings} & {"syntax", "strict"}
    span = span_of(SOURCE, "result = 0")
    assert all(span.start <= f.position <= span.end for f in result.verdict.findings)


def test_a_slip_is_repaired_by_remasking() -> None:
    final = SOURCE.replace("result = 0", "result = width * height")
    slips = {3: " )"}
    span = (span_of(SOURCE, "result = 0"),)
    result = edit(SOURCE, span, final, slips=slips, verifies=False, sure=0.9)
    assert result.verdict.ok, result.verdict
    assert result.source == final


def test_a_rewrite_may_leave_nothing() -> None:
    final = SOURCE.replace("result = 0", "")
    span = (span_of(SOURCE, "result = 0"),)
    result = edit(SOURCE, span, final, instruction="delete this")
    assert result.verdict.ok, result.verdict
    assert result.source == final
    head = "x = 1\n"
    assert edit(head, (Span(0, 5),), "\n", instruction="delete this").source == "\n"


def test_blank_lines_before_a_rewrite_stay() -> None:
    source = SOURCE.rstrip() + "  # six\n"
    final = source.replace("print(area(2, 3))", "print(area(3, 4))")
    span = (span_of(source, "print(area(2, 3))"),)
    result = edit(source, span, final, instruction="larger", sure=0.5)
    assert result.verdict.ok, result.verdict
    assert result.source == final


def test_no_edit_still_says_all_that_it_cost() -> None:
    final = SOURCE.replace("result = 0", "result = (width")
    denoiser = ScriptedDenoiser(final)
    with Editor(denoiser) as editor:
        span = span_of(SOURCE, "result = 0")
        result = editor.edit(EditRequest(SOURCE, (span,), "python"))
    assert not result.verdict.ok
    assert result.stats.forward_passes == denoiser.passes
    assert result.stats.steps == denoiser.passes


def test_the_same_request_and_seed_give_the_same_bytes() -> None:
    final = SOURCE.replace("result = 0", "result = width * height")
    span = (span_of(SOURCE, "result = 0"),)
    runs = [edit(SOURCE, span, final, seed=7, candidates=3, sure=0.5) for _ in range(2)]
    assert runs[0].source == runs[1].source
    assert runs[0].edits == runs[1].edits
    assert runs[0].verdict == runs[1].verdict


def test_cancelling_takes_hold_between_two_steps() -> None:
    final = SOURCE.replace("result = 0", "result = width * height")
    denoiser = ScriptedDenoiser(final, sure=0.1)
    with Editor(denoiser) as editor, pytest.raises(EditCancelled):
        editor.edit(
            EditRequest(SOURCE, (span_of(SOURCE, "result = 0"),), "python"),
            cancelled=lambda: denoiser.passes == 2,
        )
    assert denoiser.passes == 2


def test_a_deadline_gives_a_validated_edit_or_none() -> None:
    final = SOURCE.replace("result = 0", "result = width * height")
    for deadline in (0, 10_000):
        span = (span_of(SOURCE, "result = 0"),)
        result = edit(SOURCE, span, final, deadline_ms=deadline)
        assert result.verdict.ok or result.source == SOURCE
    assert result.verdict.ok


def test_steps_show_fewer_and_fewer_open_slots() -> None:
    final = SOURCE.replace("result = 0", "result = width * height")
    steps: list[Step] = []
    with Editor(ScriptedDenoiser(final, sure=0.5)) as editor:
        request = EditRequest(SOURCE, (span_of(SOURCE, "result = 0"),), "python")
        editor.edit(request, on_step=steps.append)
    assert [s.number for s in steps] == list(range(1, len(steps) + 1))
    assert steps[-1].masked == 0
    assert steps[-1].texts == ("result = width * height",)


def test_a_file_with_errors_of_its_own_can_be_edited() -> None:
    source = SOURCE + "def broken(:\n    pass\n"
    final = source.replace("result = 0", "result = width * height")
    result = edit(source, (span_of(source, "result = 0"),), final)
    assert result.verdict.ok, result.verdict
    assert result.source == final


@pytest.mark.parametrize(
    ("spans", "error"),
    [
        ((Span(0, 999),), SpanError),
        ((Span(5, 2),), SpanError),
        ((Span(0, 5), Span(3, 8)), SpanError),
    ],
)
def test_bad_spans_are_refused(spans: tuple[Span, ...], error: type[Exception]) -> None:
    with Editor(ScriptedDenoiser(SOURCE)) as editor, pytest.raises(error):
        editor.edit(EditRequest(SOURCE, spans, "python"))


def test_an_unknown_language_is_refused() -> None:
    with Editor(ScriptedDenoiser(SOURCE)) as editor, pytest.raises(LanguageError):
        editor.edit(EditRequest(SOURCE, (Span(0, 1),), "klingon"))


def test_a_file_larger_than_the_context_is_edited_through_a_window() -> None:
    filler = "".join(f"value_{i} = {i}\n" for i in range(3000))
    source = filler + SOURCE + filler
    final = source.replace("result = 0", "result = width * height")
    result = edit(source, (span_of(source, "result = 0"),), final)
    assert result.verdict.ok, result.verdict
    assert result.source == final


LINES = st.sampled_from(
    ["x = 1", "print('é 😀')", "y = [1, 2]", "if x:\n    y = 2", "", "s = 'e\u0301'", "pass"]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=6), st.lists(LINES, min_size=1, max_size=2), st.data())
def test_whatever_is_filled_in_the_surroundings_stay(
    before: list[str], middle: list[str], data: st.DataObject
) -> None:
    head = "# head of the file\n" + "\n".join(before) + "\nmark_a = 1\n"
    tail = "\nmark_b = 2\n" + "\n".join(before)
    old = data.draw(LINES.filter(bool))
    new = "\n".join(middle).strip() or "z = 3"
    source = head + old + tail
    result = edit(source, (Span(len(head), len(head) + len(old)),), head + new + tail)
    assert result.source.startswith(head)
    assert result.source.endswith(tail)
    assert result.source in (source, head + new + tail)
    assert result.verdict.ok == (len(result.edits) > 0)


def test_a_middle_without_end_is_cut_where_its_suffix_follows_best() -> None:
    """The script runs on into the suffix and beyond; END is never said."""
    final = SOURCE.replace("result = 0", "result = width * height")
    endless = final.replace("\n    return result", "\n    return result") + "# more\n" * 40

    class Endless(ScriptedDenoiser):
        def script(self, context: ContextIds) -> list[int]:
            text = self.tokenizer.decode(context.prefix[1:])
            return self.tokenizer.encode(endless[endless.index(text) + len(text) :])

    with Editor(Endless(final)) as editor:
        result = editor.edit(EditRequest(SOURCE, (span_of(SOURCE, "result = 0"),), "python"))
    assert result.verdict.ok, result.verdict
    assert result.source == final
