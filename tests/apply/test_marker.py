from __future__ import annotations

import pytest

from instant_edit.apply.selection.marker import by_marker
from instant_edit.apply.selection.target import Target
from instant_edit.errors import InputError
from instant_edit.languages import get
from instant_edit.syntax import parse
from instant_edit.text import SourceText


def markers(text: str, language: str = "python") -> list[Target]:
    return list(by_marker(SourceText(text), parse(text, get(language))))


def read(text: str, language: str = "python") -> list[tuple[str | None, str, str]]:
    """Each marker's instruction, the construct below it, and what is cut."""
    return [
        (one.instruction, text[one.span.start : one.span.end], text[one.cut.start : one.cut.end])
        for one in markers(text, language)
        if one.cut
    ]


CASES = {
    "python": (
        "a = 1\n# instant-edit: add type hints\n@d\ndef f(x):\n    return x\n",
        ("add type hints", "@d\ndef f(x):\n    return x", "# instant-edit: add type hints\n"),
    ),
    "typescript": (
        "class A {\n  // instant-edit: name it\n  m() { return 1; }\n}\n",
        ("name it", "m() { return 1; }", "  // instant-edit: name it\n"),
    ),
    "go": (
        "package a\n\n/* instant-edit: check\n * the error */\nfunc f() {}\n",
        ("check the error", "func f() {}", "/* instant-edit: check\n * the error */\n"),
    ),
    "rust": (
        "// instant-edit: own it\n#[inline]\nfn f() {}\n",
        ("own it", "fn f() {}", "// instant-edit: own it\n"),
    ),
    "java": (
        "class A {\n    // instant-edit: guard\n    int m() { return 1; }\n}\n",
        ("guard", "int m() { return 1; }", "    // instant-edit: guard\n"),
    ),
    "bash": ("# instant-edit: quote it\necho $a\n", ("quote it", "echo $a", None)),
    "html": (
        "<ul>\n  <!-- instant-edit: link it -->\n  <li>a</li>\n</ul>\n",
        ("link it", "<li>a</li>", "  <!-- instant-edit: link it -->\n"),
    ),
    "css": (
        "/* instant-edit: use red */\n.a { color: blue; }\n",
        ("use red", ".a { color: blue; }", "/* instant-edit: use red */\n"),
    ),
}


@pytest.mark.parametrize(
    ("language", "text", "expected"), [(k, *v) for k, v in CASES.items()], ids=CASES
)
def test_a_marker_names_the_edit_of_what_is_below(
    language: str, text: str, expected: tuple[str, str, str | None]
) -> None:
    ((instruction, construct, cut),) = read(text, language)
    assert (instruction, construct) == expected[:2]
    assert cut == (expected[2] or text[: text.index("\n") + 1])


def test_the_first_statement_of_a_block_is_not_the_whole_block() -> None:
    ((_, construct, _),) = read("def f():\n    # instant-edit: x\n    a = 1\n    return a\n")
    assert construct == "a = 1"


def test_other_comments_may_stand_between() -> None:
    ((_, construct, _),) = read("# instant-edit: x\n# why\n\na = 1\n")
    assert construct == "a = 1"


def test_line_endings_go_with_the_marker() -> None:
    ((_, construct, cut),) = read("# instant-edit: x\r\na = 1\r\n")
    assert (construct, cut) == ("a = 1", "# instant-edit: x\r\n")


def test_the_words_in_a_string_or_in_prose_are_no_marker() -> None:
    assert markers("a = '# instant-edit: x'\n# see instant-edit: it helps\nb = 1\n") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1  # instant-edit: x\nb = 2\n", "line 1 shares its line with code"),
        ("a = 1\n# instant-edit: x\n", "line 2 stands above nothing"),
        ("def f():\n    a = 1\n    # instant-edit: x\nb = 2\n", "line 3 stands above nothing"),
        ("# instant-edit:\na = 1\n", "line 1 names no edit"),
    ],
)
def test_a_marker_that_is_about_nothing_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        markers(text)
