"""Every bad or unusual input gives the right edit, or one clear error with nothing written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from instant_edit.apply.command import run
from instant_edit.apply.options import ApplyOptions
from instant_edit.errors import InputError, LanguageError, SpanError
from tests.apply.scripting import ScriptedEditor, no_model, opener, options


def refused(given: ApplyOptions) -> InputError:
    """Run with ``--write`` and return the error, which must come before a model is loaded."""
    with pytest.raises(InputError) as caught:
        run(given, no_model)
    assert "\n" not in str(caught.value)
    return caught.value


def written(file: Path, data: bytes, lines: str, text: str) -> bytes:
    """Edit a file in place and return its new bytes."""
    file.write_bytes(data)
    code = run(options(file, lines, write=True), opener(ScriptedEditor(text)))
    assert code == 0
    return file.read_bytes()


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing.py", "does not exist"), ("missing/f.py", "does not exist")],
)
def test_what_is_not_there_is_named(tmp_path: Path, name: str, message: str) -> None:
    path = tmp_path / name
    error = refused(options(path, "1:1", write=True))
    assert str(path) in str(error)
    assert message in str(error)


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "f.py")
    assert "not a regular file" in str(refused(options(tmp_path / "f.py", "1:1")))


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f.py").symlink_to("f.py")
    assert "cannot be read" in str(refused(options(tmp_path / "f.py", "1:1")))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f.py").write_text("a = 1\n")
    (tmp_path / "f.py").chmod(0)
    assert "cannot be read" in str(refused(options(tmp_path / "f.py", "1:1")))


@pytest.mark.parametrize(
    "data",
    [b"\x7fELF\x00\x01\x02\n", b"a = 1\nb = '\xff'\n", "a = 'é'\n".encode("latin-1")],
    ids=["binary", "undecodable", "latin-1"],
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "f.py"
    file.write_bytes(data)
    assert str(file) in str(refused(options(file, "1:1", write=True)))
    assert file.read_bytes() == data


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "f.unknown"
    file.write_text("a = 1\n")
    assert isinstance(refused(options(file, "1:1")), LanguageError)
    assert isinstance(refused(options(file, "1:1", language="klingon")), LanguageError)


def test_a_language_can_be_given_for_a_file_of_any_name(tmp_path: Path) -> None:
    file = tmp_path / "f.unknown"
    file.write_text("a = 1\n")
    given = options(file, "1:1", language="python", write=True)
    assert run(given, opener(ScriptedEditor("b = 2"))) == 0
    assert file.read_text() == "b = 2\n"


@pytest.mark.parametrize("lines", [("0:1",), ("3:2",), ("1:9",), ("1:2", "2:3"), ("x",)])
def test_bad_spans_are_refused(tmp_path: Path, lines: tuple[str, ...]) -> None:
    file = tmp_path / "f.py"
    file.write_text("a = 1\nb = 2\nc = 3\n")
    assert isinstance(refused(options(file, *lines, write=True)), SpanError)
    assert file.read_text() == "a = 1\nb = 2\nc = 3\n"


def test_a_file_with_syntax_errors_is_judged_against_its_own(tmp_path: Path) -> None:
    broken = b"def f(:\n    return 1\n\n\ndef g():\n    return 2\n"
    new = written(tmp_path / "f.py", broken, "6:6", "return 3")
    assert new == broken.replace(b"return 2", b"return 3")


def test_a_large_file_is_edited(tmp_path: Path) -> None:
    large = b"".join(b"value_%d = %d\n" % (number, number) for number in range(20_000))
    new = written(tmp_path / "f.py", large, "10000:10000", "value_9999 = None")
    assert new == large.replace(b"value_9999 = 9999\n", b"value_9999 = None\n")


def test_an_empty_file_takes_an_insertion(tmp_path: Path) -> None:
    assert written(tmp_path / "f.py", b"", "1:1", "a = 1\n") == b"a = 1\n"


@pytest.mark.parametrize(
    "data",
    [
        b"def f():\r\n    return 1\r\n",
        b"\xef\xbb\xbfdef f():\n    return 1\n",
        b"def f():\n\treturn 1\n",
        b"def f():\n    return 1",
        "def f():  # 👩‍👩‍👧 e\u0301 漢\n    return 1  # 🎉\n".encode(),
    ],
    ids=["crlf", "bom", "tabs", "no final newline", "emoji"],
)
def test_the_form_of_the_file_is_kept(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "f.py"
    line = data.decode().splitlines()[1].strip()
    assert written(file, data, "2:2", line.replace("1", "2", 1)) == data.replace(
        b"return 1", b"return 2"
    )


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_text("a = 1\n")
    (tmp_path / "f.py").symlink_to("real.py")
    given = options(tmp_path / "f.py", "1:1", write=True)
    assert run(given, opener(ScriptedEditor("b = 2"))) == 0
    assert (tmp_path / "real.py").read_text() == "b = 2\n"
    assert (tmp_path / "f.py").is_symlink()
