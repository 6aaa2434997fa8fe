"""Many files are searched in parallel, with the same answer as one after the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from instant_edit.apply import scanning
from instant_edit.apply.discovery import Search
from instant_edit.apply.scanning import Scan, select_all
from instant_edit.apply.selection import Selectors
from instant_edit.errors import InputError


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for number in range(12):
        (tmp_path / f"f{number:02}.py").write_text(f"def f{number}():\n    return {number}\n")
    (tmp_path / "empty.py").write_text("x = 1\n")
    (tmp_path / "latin.py").write_bytes(b"x = '\xff'\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_processes_find_what_one_process_finds(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Search().files([Path()])
    scan = Scan(Selectors(query="(return_statement (integer) @n)"), "say it")
    alone = list(select_all(scan, files, jobs=1))
    monkeypatch.setattr(scanning, "WORTH_A_POOL", 2)
    monkeypatch.setattr(scanning, "BATCH", 3)
    assert list(select_all(scan, files, jobs=2)) == alone
    assert [one if isinstance(one, str) else one.name for one in alone][:2] == ["f00.py", "f01.py"]
    assert len(alone) == 13
    assert "0xff" in str(alone[-1])


def test_an_error_in_a_process_is_the_same_error(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "WORTH_A_POOL", 2)
    monkeypatch.setattr(scanning, "BATCH", 3)
    (tree / "f05.py").write_text("# instant-edit:\nx = 1\n")
    files = Search().files([Path()])
    with pytest.raises(InputError, match=r"f05\.py: the marker in line 1 names no edit"):
        list(select_all(Scan(Selectors(markers=True)), files, jobs=2))
