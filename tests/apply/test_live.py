from __future__ import annotations

import io

import pytest

from instant_edit.apply.live import printable, show_steps, step_line, surroundings
from instant_edit.request import Span
from instant_edit.text import SourceText
from tests.apply.scripting import step

SOURCE = SourceText("def f(x):\n    return x\n\n\nf(1)\n")
SPAN = Span(SOURCE.text.index("return"), SOURCE.text.index("return") + len("return x"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_without_a_terminal_each_step_is_a_line() -> None:
    stream = io.StringIO()
    with show_steps(SOURCE, [SPAN], "f.py", stream) as on_step:
        on_step(step(1, 2, "▒▒"))
        on_step(step(2, 0, "return\n  1"))
    assert stream.getvalue().splitlines() == [
        "step   1 ·   2 masked · ▒▒",
        "step   2 ·   0 masked · return⏎  1",
    ]


def test_on_a_terminal_the_canvas_is_drawn_in_its_surroundings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with show_steps(SOURCE, [SPAN], "f.py", stream) as on_step:
        on_step(step(1, 2, "return ▒"))
        on_step(step(2, 0, "return x"))
    drawn = stream.getvalue()
    assert "f.py · line 2" in drawn
    assert "step 1 · 2 masked" in drawn
    assert "step 2 · complete" in drawn
    assert "def f(x):" in drawn


def test_drafts_cannot_move_the_cursor() -> None:
    assert printable("\x1b[2Jb\x07c\r\nd\te") == "�[2Jb�c\nd   e"
    assert "\x1b" not in step_line(step(1, 0, "\x1b]0;title"))


def test_surroundings_end_at_the_span() -> None:
    before, after = surroundings(SOURCE, SPAN)
    assert before == "def f(x):\n    "
    assert after == "\n\n\nf(1)\n"


def test_an_empty_text_has_surroundings() -> None:
    assert surroundings(SourceText(""), Span(0, 0)) == ("", "")
