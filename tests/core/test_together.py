"""Several requests denoised together, and a judge behind the gate."""

from __future__ import annotations

import pytest

from instant_edit import Editor, EditRequest, EditResult, Span
from instant_edit.denoise import Step
from instant_edit.errors import EditCancelled, SpanError
from instant_edit.request import Finding, Verdict
from tests.scripted import ScriptedDenoiser

AREA = "def area(width, height):\n    result = 0\n    return result\n"
GREETING = "def greet(name):\n    print('?')\n    return name\n"
AREA_DONE = AREA.replace("result = 0", "result = width * height")
GREETING_DONE = GREETING.replace("'?'", "f'hello {name}'")


def request(source: str, old: str, **options: object) -> EditRequest:
    start = source.index(old)
    return EditRequest(source, (Span(start, start + len(old)),), "python", **options)  # type: ignore[arg-type]


def test_requests_denoised_together_take_no_more_passes_than_the_longest_alone() -> None:
    requests = [request(AREA, "result = 0"), request(GREETING, "print('?')")]
    alone = []
    for one in requests:
        with Editor(ScriptedDenoiser(AREA_DONE, GREETING_DONE)) as editor:
            alone.append(editor.edit(one).stats.forward_passes)
    denoiser = ScriptedDenoiser(AREA_DONE, GREETING_DONE)
    with Editor(denoiser) as editor:
        results = editor.edit_many(requests)
    assert [result.source for result in results] == [AREA_DONE, GREETING_DONE]
    assert denoiser.passes == max(alone)


def test_a_request_that_does_not_validate_leaves_the_others_alone() -> None:
    broken = GREETING.replace("print('?')", "print('?'")
    requests = [request(AREA, "result = 0"), request(GREETING, "print('?')")]
    with Editor(ScriptedDenoiser(AREA_DONE, broken)) as editor:
        good, bad = editor.edit_many(requests)
    assert good.source == AREA_DONE
    assert not bad.verdict.ok
    assert bad.source == GREETING


def test_no_requests_give_no_results_and_a_request_without_spans_stays_as_it_is() -> None:
    with Editor(ScriptedDenoiser(AREA_DONE)) as editor:
        assert editor.edit_many([]) == ()
        empty, filled = editor.edit_many(
            [EditRequest(GREETING, (), "python"), request(AREA, "result = 0")]
        )
    assert (empty.source, empty.verdict.ok) == (GREETING, True)
    assert filled.source == AREA_DONE


def test_modes_may_differ_between_requests_denoised_together() -> None:
    requests = [
        request(AREA, "result = 0"),
        request(GREETING, "print('?')", instruction="greet by name"),
    ]
    with Editor(ScriptedDenoiser(AREA_DONE, GREETING_DONE)) as editor:
        results = editor.edit_many(requests)
    assert [result.source for result in results] == [AREA_DONE, GREETING_DONE]


def test_one_bad_request_is_named_before_anything_is_denoised() -> None:
    denoiser = ScriptedDenoiser(AREA_DONE)
    outside = EditRequest(AREA, (Span(0, len(AREA) + 5),), "python")
    with Editor(denoiser) as editor, pytest.raises(SpanError):
        editor.edit_many([request(AREA, "result = 0"), outside])
    assert denoiser.passes == 0


def test_cancelling_stops_all_of_them() -> None:
    requests = [request(AREA, "result = 0"), request(GREETING, "print('?')")]
    with (
        Editor(ScriptedDenoiser(AREA_DONE, GREETING_DONE)) as editor,
        pytest.raises(EditCancelled),
    ):
        editor.edit_many(requests, cancelled=lambda: True)


def test_previews_show_every_span_of_every_request() -> None:
    steps: list[Step] = []
    requests = [request(AREA, "result = 0"), request(GREETING, "print('?')")]
    with Editor(ScriptedDenoiser(AREA_DONE, GREETING_DONE)) as editor:
        editor.edit_many(requests, on_step=steps.append)
    assert steps[-1].texts == ("result = width * height", "print(f'hello {name}')")
    assert steps[-1].masked == 0


def test_pieces_carry_the_probability_of_each_token_and_an_open_slot_none() -> None:
    steps: list[Step] = []
    with Editor(ScriptedDenoiser(AREA_DONE, sure=0.1)) as editor:
        editor.edit(request(AREA, "result = 0"), on_step=steps.append)
    first, last = steps[0].pieces[0], steps[-1].pieces[0]
    assert any(piece.text == "▒" and piece.confidence == 0.0 for piece in first)
    assert all(piece.confidence == pytest.approx(0.1, abs=0.01) for piece in last[1:])


def test_a_judge_that_refuses_all_candidates_leaves_the_text_and_says_why() -> None:
    seen: list[EditResult] = []

    def judge(result: EditResult) -> Verdict:
        seen.append(result)
        return Verdict(False, (Finding("verify", "the tests fail", 0),))

    with Editor(ScriptedDenoiser(AREA_DONE)) as editor:
        result = editor.edit(request(AREA, "result = 0"), judge=judge)
    assert [one.source for one in seen] == [AREA_DONE]
    assert result.source == AREA
    assert result.verdict.findings[0].message == "the tests fail"


def test_a_judge_is_not_asked_about_what_the_gate_refused() -> None:
    broken = AREA.replace("result = 0", "result = (")
    with Editor(ScriptedDenoiser(broken)) as editor:
        result = editor.edit(
            request(AREA, "result = 0"), judge=lambda _: pytest.fail("the gate had refused it")
        )
    assert not result.verdict.ok
