from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from instant_edit.apply.files import SourceFile, read, replace
from instant_edit.errors import InputError
from instant_edit.text import SourceText


def accept(written: SourceText) -> None:
    """Verify nothing."""


def write(path: Path, data: bytes = b"a = 1\n") -> SourceFile:
    path.write_bytes(data)
    return read(path)


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def test_the_new_text_takes_the_place_of_the_old(tmp_path: Path) -> None:
    file = write(tmp_path / "a.py")
    replace(file, file.source.with_text("b = 2\n"), accept)
    assert file.path.read_bytes() == b"b = 2\n"
    assert names(tmp_path) == {"a.py"}


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o664])
def test_the_mode_is_kept(tmp_path: Path, mode: int) -> None:
    file = write(tmp_path / "a.py")
    file.path.chmod(mode)
    replace(file, file.source.with_text("b = 2\n"), accept)
    assert stat.S_IMODE(file.path.stat().st_mode) == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_is_kept(tmp_path: Path) -> None:
    file = write(tmp_path / "a.py")
    os.chown(file.path, 1234, 4321)
    replace(file, file.source.with_text("b = 2\n"), accept)
    assert (file.path.stat().st_uid, file.path.stat().st_gid) == (1234, 4321)


def test_a_symlink_stays_and_its_target_changes(tmp_path: Path) -> None:
    target = tmp_path / "real.py"
    target.write_bytes(b"a = 1\n")
    link = tmp_path / "link.py"
    link.symlink_to("real.py")
    file = read(link)
    replace(file, file.source.with_text("b = 2\n"), accept)
    assert link.is_symlink()
    assert target.read_bytes() == b"b = 2\n"


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfa = 1\nc = 3\n",
        b"a = 1\r\nc = 3\r\n",
        b"a = 1\nc = 3",
        b"a = 1\rc = 3\r",
        b"a = 1\r\nc = 3\n\x0c",
    ],
    ids=["bom", "crlf", "no final newline", "lone cr", "mixed"],
)
def test_bytes_around_the_edit_are_kept(tmp_path: Path, data: bytes) -> None:
    file = write(tmp_path / "a.py", data)
    replace(file, file.source.with_text(file.source.text.replace("a = 1", "b = 2")), accept)
    assert file.path.read_bytes() == data.replace(b"a = 1", b"b = 2")


def test_a_file_that_changed_since_it_was_read_is_left_alone(tmp_path: Path) -> None:
    file = write(tmp_path / "a.py")
    file.path.write_bytes(b"someone = 'else'\n")
    with pytest.raises(InputError, match="changed by something else since it was read"):
        replace(file, file.source.with_text("b = 2\n"), accept)
    assert file.path.read_bytes() == b"someone = 'else'\n"
    assert names(tmp_path) == {"a.py"}


def test_a_file_that_went_away_is_not_made_again(tmp_path: Path) -> None:
    file = write(tmp_path / "a.py")
    file.path.unlink()
    with pytest.raises(InputError):
        replace(file, file.source.with_text("b = 2\n"), accept)
    assert names(tmp_path) == set()


@pytest.mark.parametrize("stop", [InputError("no"), KeyboardInterrupt()])
def test_nothing_is_left_behind_when_the_check_stops_the_write(
    tmp_path: Path, stop: BaseException
) -> None:
    file = write(tmp_path / "a.py")

    def refuse(written: SourceText) -> None:
        raise stop

    with pytest.raises(type(stop)):
        replace(file, file.source.with_text("b = 2\n"), refuse)
    assert file.path.read_bytes() == b"a = 1\n"
    assert names(tmp_path) == {"a.py"}


def test_the_check_is_given_what_lies_on_the_disk(tmp_path: Path) -> None:
    file = write(tmp_path / "a.py", b"\xef\xbb\xbfa = 1\r\n")
    seen: list[SourceText] = []
    replace(file, file.source.with_text("b = 2\r\n"), seen.append)
    assert seen == [SourceText("b = 2\r\n", bom=True)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "a.py")
    file.path.chmod(0o444)
    with pytest.raises(InputError, match="read-only"):
        replace(file, file.source.with_text("b = 2\n"), accept)
    assert file.path.read_bytes() == b"a = 1\n"


def test_a_full_disk_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / "a.py")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device; nothing changed"):
        replace(file, file.source.with_text("b = 2\n"), accept)
    assert file.path.read_bytes() == b"a = 1\n"
    assert names(tmp_path) == {"a.py"}
