"""A draft keeps its places straight while markers go and edits come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from instant_edit.apply.draft import Draft
from instant_edit.apply.options import ApplyOptions
from instant_edit.apply.selection import Task
from instant_edit.languages import get
from instant_edit.request import Edit, EditResult, Span, Verdict

PYTHON = get("python")


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """A file of statements, some below a marker; each statement is a task."""
    pieces: list[str] = []
    tasks: list[Task] = []
    at = 0
    for number in range(draw(st.integers(1, 6))):
        cut = None
        if draw(st.booleans()):
            marker = f"# instant-edit: é {number}\n"
            cut = Span(at, at + len(marker))
            pieces.append(marker)
            at += len(marker)
        statement = f"x{number} = {draw(st.sampled_from(['1', '(2, 3)', repr('漢😀')]))}\n"
        tasks.append(Task((Span(at, at + len(statement) - 1),), str(number), None, None, cut))
        pieces.append(statement)
        at += len(statement)
    return Draft("".join(pieces), PYTHON, "f.py", tuple(tasks))


def answered(draft: Draft, task: Task, text: str) -> EditResult:
    """What the model would answer to a task's request: its span replaced by a text."""
    request = draft.request(task, ApplyOptions(), 0)
    edits = tuple(Edit(span, text, 1.0) for span in request.spans)
    return EditResult(request.source, edits, Verdict(True))


@given(drafts())
def test_the_model_reads_the_file_without_its_markers(draft: Draft) -> None:
    for task in draft.tasks:
        request = draft.request(task, ApplyOptions(), 0)
        assert "instant-edit" not in request.source
        (old,), (span,) = task.spans, request.spans
        assert request.source[span.start : span.end] == draft.source[old.start : old.end]


@given(drafts(), st.data())
def test_what_is_accepted_changes_its_own_place_and_its_marker_alone(
    draft: Draft, data: st.DataObject
) -> None:
    lines = draft.source.split("\n")
    chosen = data.draw(st.sets(st.sampled_from(range(len(draft.tasks)))))
    for index in data.draw(st.permutations(sorted(chosen))):
        task = draft.tasks[index]
        change = draft.change(task, answered(draft, task, f"y{index} = 0"))
        assert [edit.span for edit in change.edits] == list(task.spans)
        draft = draft.with_change(change)
        assert draft.verdict().ok
    expected = []
    for line in lines:
        if line.startswith("#") and int(line.split()[-1]) in chosen:
            continue
        number = line[1 : line.index(" ")] if line.startswith("x") else ""
        expected.append(f"y{number} = 0" if number and int(number) in chosen else line)
    assert draft.text == "\n".join(expected)


def test_a_draft_is_judged_against_the_file_without_the_markers_that_went() -> None:
    source = "# instant-edit: x\na = 1\n"
    task = Task((Span(18, 23),), "m", "x", None, Span(0, 18))
    draft = Draft(source, PYTHON, "f.py", (task,))
    done = draft.with_change(draft.change(task, answered(draft, task, "b = 2")))
    assert (done.text, done.verdict().ok) == ("b = 2\n", True)
    assert not done.verdict("b = 2\nc = 3\n").ok
    assert not done.verdict(source).ok
