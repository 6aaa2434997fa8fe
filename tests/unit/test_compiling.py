"""Python's compiler in a process of its own says what it says in this one."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instant_edit import compiling
from instant_edit.compiling import LARGE, Fault, fault

FILLER = "x = 1  # é\n" * (LARGE // 11 + 1)
BAD = ["def f(:\n    pass\n", "return 1\n", "x = '\ud83d'\n", "\0", "if x:\npass\n", "a = 0777\n"]


@pytest.mark.parametrize("bad", BAD)
def test_a_large_source_has_the_fault_that_this_process_finds(bad: str) -> None:
    found = fault(FILLER + bad, "a.py")
    assert found is not None
    assert found == compiling._here(FILLER + bad, "a.py")


def test_a_large_source_without_a_fault_has_none() -> None:
    assert fault(FILLER, "a.py") is None


@settings(max_examples=5, deadline=None)
@given(st.text())
def test_any_text_has_the_same_fault_in_both(text: str) -> None:
    assert fault(FILLER + text, "a.py") == compiling._here(FILLER + text, "a.py")


def test_a_large_source_is_compiled_in_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "_here", lambda *_: pytest.fail("compiled in this process"))
    assert fault(FILLER + "return\n", "a.py") == Fault("'return' outside function", 1 + _lines(), 1)


def test_where_no_process_can_be_started_this_one_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert fault(FILLER + "return\n", "a.py") == Fault("'return' outside function", 1 + _lines(), 1)


def test_nothing_of_a_source_runs() -> None:
    assert fault(FILLER + "raise SystemExit(3)\n", "a.py") is None


def _lines() -> int:
    return FILLER.count("\n")
