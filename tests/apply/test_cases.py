"""Every selector over real files in many languages: one case a file in ``cases/``.

A case has the arguments, a file whose expected spans stand between two ``$0``, what the model
writes into each of them, and the file as it should be afterwards; and perhaps other files beside.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from instant_edit import cli
from instant_edit.apply.choosing import Chosen, choose
from instant_edit.apply.selection import Selected
from tests.apply.scripting import AnsweringEditor, opener

if TYPE_CHECKING:
    from instant_edit.request import EditRequest

CASES = sorted((Path(__file__).parent / "cases").glob("*.case"))
MARK = "$0"


@dataclass
class Case:
    """One case, its marks read."""

    arguments: list[str]
    beside: dict[str, str]
    name: str
    source: str
    spans: list[tuple[int, int]]
    written: list[str]
    expected: str


def read(path: Path) -> Case:
    sections = re.findall(
        r"^=== (\w+) ?([^\n]*)\n(.*?)(?=^=== |\Z)", path.read_text("utf-8"), flags=re.M | re.S
    )
    texts = {heading: text for heading, _, text in sections}
    (name,) = [rest for heading, rest, _ in sections if heading == "file"]
    written = [text for heading, _, text in sections if heading == "written"]
    whole_lines = "$0$0    " in texts["file"]
    return Case(
        shlex.split(texts["arguments"]),
        {rest: text for heading, rest, text in sections if heading == "beside"},
        name,
        texts["file"].replace(MARK, ""),
        marks(texts["file"]),
        [text if whole_lines else text.removesuffix("\n") for text in written],
        texts["expected"],
    )


def marks(text: str) -> list[tuple[int, int]]:
    places = [match.start() for match in re.finditer(re.escape(MARK), text)]
    bare = [place - index * len(MARK) for index, place in enumerate(places)]
    return list(zip(bare[::2], bare[1::2], strict=True))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_selected_is_edited(
    path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = read(path)
    monkeypatch.chdir(tmp_path)
    file = Path(case.name)
    file.write_text(case.source, "utf-8")
    for name, text in case.beside.items():
        Path(name).write_text(text, "utf-8")
    left = list(case.written)

    def answer(request: EditRequest) -> list[str]:
        return [left.pop(0) for _ in request.spans]

    editor = AnsweringEditor(answer)
    monkeypatch.setattr(cli, "open_editor", lambda model: opener(editor)())
    chosen: list[Selected] = []

    def choosing(*arguments: Any) -> Chosen:
        found = choose(*arguments)
        chosen.extend(found.selected)
        return found

    monkeypatch.setattr("instant_edit.apply.command.choose", choosing)
    code = cli.main(["apply", case.name, *case.arguments, "--write"])
    assert (code, capsys.readouterr().err) == (0, f"{case.name}: written\n")
    assert file.read_text("utf-8") == case.expected
    (selected,) = chosen
    found = [(span.start, span.end) for task in selected.tasks for span in task.spans]
    assert found == case.spans


def test_the_cases_are_of_every_selector_and_many_languages() -> None:
    flags = {word for path in CASES for word in read(path).arguments if word.startswith("--")}
    assert flags >= {
        "--lines", "--symbol", "--query", "--marker", "--kind", "--diagnostics", "--edits"
    }  # fmt: skip
    assert len({Path(read(path).name).suffix for path in CASES}) >= 10
