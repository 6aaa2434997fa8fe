"""The whole report over small sets: both decodings, interrupted, resumed, and hard to flatter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from instant_edit.errors import InputError
from instant_edit.evaluation.attempt import Variant
from instant_edit.evaluation.reporting.command import ReportOptions, run
from instant_edit.evaluation.reporting.running import in_turn
from instant_edit.evaluation.reporting.suite import SETS, find
from tests.apply.scripting import AnsweringEditor, no_model, old_texts
from tests.evaluation.rows import DOUBLE, FIRST, write_rows, write_sets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from instant_edit.engine import Editor
    from instant_edit.evaluation.attempt import Decoding
    from instant_edit.request import EditRequest

RIGHT = {
    "    y += x\n": "    y += x\n",
    "    return items[0]\n": "    return items[0]\n",
    "    return y * 2\n": "    return y / 2\n",
    "  return x * 2;\n": "  return x / 2;\n",
    "        yield 0\n": "        yield 1\n",
    "    def numbers(self):\n        yield 0\n": "    def numbers(self):\n        yield 1\n",
    "let count = 0;": "let total = 0;",
}


def right(request: EditRequest) -> Sequence[str]:
    """What each span should become; the warm-up's is nowhere."""
    return [RIGHT.get(old, "    pass\n") for old in old_texts(request)]


def wrong(request: EditRequest) -> Sequence[str]:
    """Code that does not do what was asked for; of one row not even code."""
    return [old.replace(old.strip(), _instead(old.strip())) for old in old_texts(request)]


def _instead(code: str) -> str:
    return "(" if code == "y += x" else "pass"


class Counting(AnsweringEditor):
    """Is interrupted at request ``stop_at``; number 0 is the warm-up."""

    def __init__(self, answer: Callable[[EditRequest], Sequence[str]], stop_at: int = -1) -> None:
        super().__init__(answer)
        self.stop_at = stop_at

    def edit(self, request: EditRequest, **options: Any) -> Any:
        if len(self.requests) == self.stop_at:
            raise KeyboardInterrupt
        return super().edit(request, **options)


def opener(diffusion: Editor, ar: Editor | None = None) -> Callable[[Decoding], Editor]:
    editors = {"diffusion": diffusion, "ar": ar or Counting(wrong)}
    return lambda decoding: editors[decoding]


def report(out: Path) -> tuple[dict[str, Any], str]:
    return json.loads((out / "report.json").read_text()), (out / "report.md").read_text()


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: one for name, one in value.items() if name != "milliseconds"}
        return {name: without_times(one) for name, one in kept.items()}
    return [without_times(one) for one in value] if isinstance(value, list) else value


@pytest.fixture
def options(tmp_path: Path) -> ReportOptions:
    """Every set."""
    return ReportOptions(write_sets(tmp_path / "data"), tmp_path / "out")


@pytest.fixture
def one_set(tmp_path: Path) -> ReportOptions:
    """One set of two rows, each edited four ways."""
    write_rows(tmp_path / "data" / "HumanEval-SingleLineInfilling.jsonl", DOUBLE, FIRST)
    return ReportOptions(tmp_path / "data", tmp_path / "out")


def test_a_report_has_every_set_and_says_what_made_it(
    options: ReportOptions, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(options, opener(Counting(right))) == 0
    document, text = report(options.out)
    assert document["complete"] is True
    names = ["single-line", "repair-python", "repair-javascript", "editeval", "editeval-whole"]
    assert [one["name"] for one in document["sets"]] == [*names, "inline-edits"]
    assert document["model"]["digest"] == "sha256:0"
    assert document["versions"]["torch"]
    assert document["command"].startswith("instant-edit eval report --data data --out out --seed 0")
    assert document["command"] in text
    assert all(f"## {one['title']}" in text for one in document["sets"])
    assert str(options.data.parent) not in json.dumps(document) + text
    out, err = capsys.readouterr()
    assert out.split() == [str(options.out / "report.md"), str(options.out / "report.json")]
    assert "rows ·" in err


def test_right_edits_pass_and_wrong_ones_do_not(options: ReportOptions) -> None:
    run(options, opener(Counting(right)))
    document, text = report(options.out)
    for one in document["sets"]:
        for variant in one["variants"]:
            counts = variant["pass_at_1"]["count"], variant["pass_at_1"]["of"]
            rows = 0 if one["name"] == "repair-javascript" else one["drawn"]
            if variant["length"] == "own":
                assert counts == (rows if variant["decoding"] == "diffusion" else 0, rows)
    assert "not judged" in text


def test_own_and_oracle_lengths_stand_in_tables_of_their_own(options: ReportOptions) -> None:
    run(options, opener(Counting(right)))
    _, text = report(options.out)
    single = text.partition("## HumanEvalFix")[0]
    own, told = single.partition("**Oracle length (told to the model)**")[::2]
    assert own.count("| fill, ") == told.count("| fill, ") == 2
    assert "Oracle" not in text.partition("## HumanEvalFix")[2]


def test_what_the_gate_was_shown_is_reported_beside_what_it_let_through(
    one_set: ReportOptions,
) -> None:
    run(one_set, opener(Counting(right)))
    document, _ = report(one_set.out)
    ar = document["sets"][0]["variants"][1]
    assert (ar["decoding"], ar["length"]) == ("ar", "own")
    assert (ar["drafts_that_parse"]["count"], ar["drafts_that_parse"]["of"]) == (1, 2)
    assert (ar["edits_that_parse"]["count"], ar["edits_that_parse"]["of"]) == (1, 1)


def test_the_two_decodings_are_compared_row_by_row(one_set: ReportOptions) -> None:
    run(one_set, opener(Counting(right)))
    document, text = report(one_set.out)
    own = document["sets"][0]["pairs"][0]
    assert (own["length"], own["rows"], own["only_first"], own["both"]) == ("own", 2, 2, 0)
    assert (own["difference"], own["p"]) == (1.0, 0.5)
    assert "Diffusion less left to right, 2 pairs: +100.0 points" in text


def test_an_interrupted_run_goes_on_where_it_stopped(
    one_set: ReportOptions, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = ReportOptions(one_set.data, tmp_path / "whole" / "out")
    all_of_it = Counting(right)
    run(whole, opener(all_of_it))
    assert run(one_set, opener(Counting(right, stop_at=2))) == 130
    assert "the same command goes on" in capsys.readouterr().err
    document, text = report(one_set.out)
    assert document["complete"] is False
    assert "This run is not through" in text
    rest = Counting(right)
    assert run(one_set, opener(rest)) == 0
    # of 4, one done before (after a warm-up), three now (after another)
    assert (len(all_of_it.requests), len(rest.requests)) == (5, 4)
    assert without_times(report(one_set.out)[0]) == without_times(report(whole.out)[0])


def test_a_row_cut_off_while_it_was_written_is_done_again(one_set: ReportOptions) -> None:
    run(one_set, opener(Counting(right)))
    rows, expected = one_set.out / "rows.jsonl", report(one_set.out)[0]
    rows.write_bytes(rows.read_bytes()[:-30])
    again = Counting(right)
    run(one_set, opener(again))
    assert len(again.requests) == 2  # the warm-up, and the last row
    assert without_times(report(one_set.out)[0]) == without_times(expected)
    assert all(json.loads(line) for line in rows.read_text().splitlines())


def test_a_finished_report_is_written_again_without_an_edit(one_set: ReportOptions) -> None:
    run(one_set, opener(Counting(right)))
    before = report(one_set.out)
    again = Counting(right)
    run(one_set, opener(again))
    assert len(again.requests) == 1  # the warm-up
    assert report(one_set.out) == before


def test_rows_of_another_run_are_not_mixed_in(one_set: ReportOptions) -> None:
    run(one_set, opener(Counting(right)))
    other = ReportOptions(one_set.data, one_set.out, seed=1)
    with pytest.raises(InputError, match=r"rows\.jsonl is of a run with another seed;"):
        run(other, opener(Counting(right)))
    write_rows(one_set.data / "HumanEval-SingleLineInfilling.jsonl", FIRST)
    with pytest.raises(InputError, match="with another data;"):
        run(one_set, opener(Counting(right)))


def test_a_file_that_is_no_journal_is_left_alone(one_set: ReportOptions) -> None:
    one_set.out.mkdir()
    (one_set.out / "rows.jsonl").write_text("something else\n")
    with pytest.raises(InputError, match="no journal of a report"):
        run(one_set, opener(Counting(right)))
    assert (one_set.out / "rows.jsonl").read_text() == "something else\n"


def test_a_row_whose_own_solution_fails_here_measures_nothing(tmp_path: Path) -> None:
    broken = {**FIRST, "test": "import no_such_module"}
    path = tmp_path / "HumanEval-SingleLineInfilling.jsonl"
    write_rows(path, DOUBLE, broken, {"task_id": "Own/2"})
    options = ReportOptions(tmp_path, tmp_path / "out")
    run(options, opener(Counting(right)))
    document, text = report(options.out)
    (one,) = document["sets"]
    assert one["broken"] == ["Own/1"]
    assert one["variants"][0]["rows"] == one["pairs"][0]["rows"] == 1
    assert "Left out, for their own solution does not pass here: Own/1." in text
    assert f"{path.name}:3: the key 'prompt' is missing" in text


def test_bad_input_is_refused_before_a_model_is_loaded(tmp_path: Path) -> None:
    def unopened(_: Decoding) -> Editor:
        return no_model()

    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="is not a folder"):
        run(ReportOptions(tmp_path / "missing", tmp_path), unopened)
    with pytest.raises(InputError, match="none of the known sets"):
        run(ReportOptions(empty, tmp_path), unopened)
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(InputError, match="cannot be written to"):
        run(ReportOptions(write_sets(tmp_path / "data"), file), unopened)


def test_a_limit_draws_the_same_rows_each_time_and_not_just_the_first(tmp_path: Path) -> None:
    rows = [{**DOUBLE, "task_id": f"Own/{number}"} for number in range(40)]
    write_rows(tmp_path / "HumanEval-SingleLineInfilling.jsonl", *rows)
    (first,), (again,), (other,) = (find(tmp_path, 5, seed) for seed in (0, 0, 1))
    ids = [case.id for case in first.cases]
    assert ids == [case.id for case in again.cases] != [case.id for case in other.cases]
    assert ids == sorted(ids, key=lambda name: int(name[4:]))
    assert ids != [f"Own/{number}" for number in range(5)]
    assert (first.usable, len(find(tmp_path, None, 0)[0].cases)) == (40, 40)


def test_the_decodings_begin_by_turns_and_own_lengths_go_first() -> None:
    variants = SETS[0].variants
    assert [v.decoding for v in in_turn(variants, 0)] == ["diffusion", "ar", "diffusion", "ar"]
    assert [v.decoding for v in in_turn(variants, 1)] == ["ar", "diffusion", "ar", "diffusion"]
    assert [v.length for v in in_turn(variants, 1)] == ["own", "own", "oracle", "oracle"]
    assert {Variant().name} == {"fill-diffusion-own"}
