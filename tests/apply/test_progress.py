from __future__ import annotations

import io
import sys

import pytest

from instant_edit.apply.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, total: int = 4) -> str:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", stream)
    with progress(total) as advance:
        for _ in range(total):
            advance(1)
    return stream.getvalue()


def test_a_terminal_shows_how_far_the_run_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "4/4" in drawn(monkeypatch, Terminal())


def test_nothing_is_drawn_for_a_program_or_for_one_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, io.StringIO()) == ""
    assert drawn(monkeypatch, Terminal(), total=1) == ""
