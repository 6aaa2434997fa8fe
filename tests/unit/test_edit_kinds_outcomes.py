"""What is a right outcome of an edit that has more than one."""

from __future__ import annotations

import pytest

from instant_edit.edit_kinds import get as kind_of
from instant_edit.languages import get

PYTHON, SCRIPT = get("python"), get("javascript")
BODY = "def f(a=None):\n    return a\n"
DOCUMENTED = 'def f(a=None):\n    """Return it."""\n    return a\n'
GUARDED = "def f(a=None):\n    if a is None:\n        return\n    return a\n"
TRY = "try:\n    g()\nexcept OSError:\n    pass\n"
BARE = TRY.replace(" OSError", "")
CASES = [
    ("docstring", BODY, DOCUMENTED, DOCUMENTED.replace("Return it", "Say what a is"), True),
    ("docstring", BODY, DOCUMENTED, DOCUMENTED.replace("Return it.", "Word"), False),
    ("docstring", BODY, DOCUMENTED, DOCUMENTED.replace("return a", "return 1"), False),
    ("docstring", BODY, DOCUMENTED, "# Return it.\n" + BODY, False),
    ("guard-none", BODY, GUARDED, GUARDED.replace("return\n", "raise ValueError(a)\n"), True),
    ("guard-none", BODY, GUARDED, GUARDED.replace("a is None", "b is None"), False),
    ("guard-none", BODY, GUARDED, GUARDED.replace("a is None", "a is not None"), False),
    ("guard-none", BODY, GUARDED, GUARDED.replace("    return a\n", "    return 1\n"), False),
    ("try-except", "g()\n", TRY, TRY.replace("pass", "raise SystemExit(1)"), True),
    ("try-except", "g()\n", TRY, TRY.replace("OSError", "ValueError"), False),
    ("try-except", "g()\n", TRY, TRY.replace("g()", "h()"), False),
    ("bare-except", BARE, TRY, TRY.replace("OSError", "(ValueError, KeyError)"), True),
    ("bare-except", BARE, TRY, BARE, False),
    ("logging", "print(a)\n", "logging.info(a)\n", "logger.debug(a)\n", True),
    ("logging", "print(a)\n", "logging.info(a)\n", "logger.debug(b)\n", False),
    ("logging", "print(a)\n", "logging.info(a)\n", "a.info(a)\n", False),
    ("type-hints", "def f(a): ...\n", "def f(a: Optional[str]): ...\n",
     "def f(a: str | None): ...\n", True),
    ("type-hints", "def f(a): ...\n", "def f(a: List[int]): ...\n",
     "def f(a: list[int]): ...\n", True),
    ("type-hints", "def f(a): ...\n", "def f(a: int): ...\n", "def f(a: str): ...\n", False),
    ("type-hints", "def f(a): ...\n", "def f(a: int): ...\n", "def f(b: int): ...\n", False),
    ("constant", "x = wait(30)\n", "LIMIT = 30\nx = wait(LIMIT)\n",
     "TIMEOUT = 30\nx = wait(TIMEOUT)\n", True),
    ("constant", "x = wait(30)\n", "LIMIT = 30\nx = wait(LIMIT)\n",
     "TIMEOUT = 31\nx = wait(TIMEOUT)\n", False),
    ("constant", "x = wait(30)\n", "LIMIT = 30\nx = wait(LIMIT)\n",
     "TIMEOUT = 30\nx = wait(30)\n", False),
    ("not-in", "if not a in b: pass\n", "if a not in b: pass\n", "if  a not in  b: pass\n", True),
    ("f-string", "x = '%s' % a\n", "x = f'{a}'\n", 'x = f"{a}"\n', True),
    ("f-string", "x = '%s' % a\n", "x = f'{a}'\n", "x = f'{a!r}'\n", False),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "before", "after", "produced", "right"), CASES)
def test_outcome(kind: str, before: str, after: str, produced: str, right: bool) -> None:
    assert kind_of(kind).right(before, after, produced, PYTHON) is right


def test_quotes_and_semicolons_of_a_script_do_not_matter_but_to_the_kind_of_semicolons() -> None:
    before, after = "a == 'b';\n", "a === 'b';\n"
    assert kind_of("strict-equality").right(before, after, 'a === "b"\n', SCRIPT)
    assert not kind_of("strict-equality").right(before, after, "a === 'c';\n", SCRIPT)
    assert not kind_of("semicolon").right("f()\n", "f();\n", "f()\n", SCRIPT)
