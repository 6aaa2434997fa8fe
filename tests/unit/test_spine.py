"""The spine in Python: what an edit may change, and what it must leave as it was.

The span stands between « and ».
"""

from __future__ import annotations

import pytest

from tests.unit.marked import judge

HARMLESS = [
    (
        "def f(a, x, y):\n    «return x»\n\ndef g():\n    return 1\n",
        "if a:\n        return x\n    return y",
    ),
    ("def f(a, x, y):\n    «return x»\n\ndef g():\n    return 1\n", "return x + 1"),
    ("def f(a, x, y):\n    «return x»\n\ndef g():\n    return 1\n", "x = 1"),
    ("def f(a, x, y):\n    «return x»\n\ndef g():\n    return 1\n", "pass"),
    ("def f(a, x, y):\n    «return x»\n\ndef g():\n    return 1\n", "return x\ndef h():\n    pass"),
    (
        "def f(a):\n    x = a\n    «y = 1»\n    return x\n",
        "if a:\n        y = 1\n    else:\n        y = 2",
    ),
    ("def f(a):\n    x = a\n    «y = 1»\n    return x\n", ""),
    ("def f(a):\n    x = a\n«    y = 1\n»    return x\n", ""),
    ("def f(a):\n    x = a\n«»    return x\n", "    y = 2\n"),
    ("def f(a):\n    x = a\n«»    return x\n", "    if a:\n        return 3\n"),
    ("def f(a):\n    if a:\n        x = a\n«»    return x\n", "    else:\n        x = 3\n"),
    (
        "def f(a):\n    if a:\n        x = a\n    else:\n        x = 3\n«»    return x\n",
        "        y = 3\n",
    ),
    ("x = 1\n«»def f():\n    pass\n", "@cache\n"),
    ("class A:\n    x = 1\n\n«»    def f(self):\n        pass\n", "    @property\n"),
    ("class A:\n    x = 1\n\n«    @property\n»    def f(self):\n        pass\n", ""),
    ("x = a * «b»\n", "b + c"),
    ("x = f(«a», b)\n", "g(c)[0] if y else {}"),
    ("x = «f(a, b)»\n", "[a for a in b]"),
    ("def f():\n    '''«doc»'''\n    return 1\n", "A better doc.\n\n    >>> f()\n    1\n    "),
    ("def f():\n    '''«doc»'''\n    return '''x'''\n", "doc''' + '''"),
    ("x = 1  # «old»\ny = 2\n", "new comment, isn't it"),
    ("x = 1  # «old»\ny = 2\n", "new\nz = 3"),
    ("«def f(a):\n    return a»\n\nx = f(1)\n", "def f(a, b):\n    return a + b"),
    (
        "«def f(a):\n    return a»\n\nx = f(1)\n",
        "def f(a, b):\n    return a + b\n\ndef g():\n    pass",
    ),
    ("«if a:»\n    foo()\n", "while a:"),
    ("«if a:»\n    foo()\nelse:\n    bar()\n", "for b in a:"),
    ("if a:\n    foo()\n«else:»\n    bar()\n", "elif b:"),
    ("x = «»\n", "1"),
    ("def f():\n    «»\n", "return 1"),
    ("def f():\n    x = 1\n    «»\n    y = 2\n", "return 1"),
    ("def «foo»(a):\n    return foo\n", "bar"),
    ("x = a + b «»\n", "* c"),
    ("x = [\n    1,\n«»    2,\n]\n", "    3,\n"),
    ("x = {'a': «1»}\n", "1, 'b': 2"),
    ("foo(a)«»\n", ".bar()"),
    ("async def f():\n    await «x»\n", "g()"),
    ("try:\n    «foo()»\nexcept E:\n    bar()\n", "baz()\n    qux()"),
    ("try:\n    «foo()»\nexcept E:\n    bar()\n", "baz()\nexcept F:\n    qux()"),
    (
        "match a:\n    case 1:\n        «pass»\n    case 2:\n        pass\n",
        "x = 1\n    case 3:\n        y = 1",
    ),
]

HARMFUL = [
    ("def f(a, x, y):\n    «return x»\n\ndef g():\n    return 1\n", "# nothing"),
    ("def f(a, x, y):\n    «return x»\n\ndef g():\n    return 1\n", ""),
    ("def f(a, x, y):\n    «return x»\n\ndef g():\n    return 1\n", "return (x"),
    ("def f(a, x, y):\n    «return x»\n\ndef g():\n    return 1\n", 'return """x'),
    ("def f(a):\n    x = a\n    «y = 1»\n    return x\n", "y = 1\nz = 2"),
    ("def f(a):\n    x = a\n    «y = 1»\n    return x\n", "y = 1\n\ndef g():\n    pass"),
    ("def f(a):\n    x = a\n«»    return x\n", "    y = \\\n"),
    ("def f(a):\n    x = a\n«»    return x\n", "    if a:\n"),
    ("def f(a):\n    x = a\n«»    foo(x)\n", "    y = \\\n"),
    ("def f(a):\n    if a:\n        x = a\n«»        foo(x)\n", "    else:\n"),
    ("def f(a):\n    for b in a:\n        foo(b)\n«»        bar(b)\n", "    for c in a:\n"),
    ("def f(a):\n    foo(b)\n«»    bar(b)\n", "\ndef g(a):\n"),
    ("def f(a):\n    foo(b)\n\n«def g(a):\n»    bar(b)\n", ""),
    ("x = f(«a», b)\n", "a), g(c"),
    ("x = «1»\n'''doc'''\ny = 2\n'''doc'''\n", "'''"),
    ("def f():\n    '''«doc»'''\n    return '''x'''\n", "doc'''; y = 1; z = '''"),
    ("x = a + b «»+ c\n", "* c # "),
    ("x = 1«»\n", "; return 3"),
    ("x = [\n    1,\n«»    2,\n]\n", "    3,\n]\ny = [\n"),
    ("try:\n    foo()\n    «»\n    foo2()\nexcept E:\n    bar()\n", "qux()\nexcept F:\n    qux()"),
]


@pytest.mark.parametrize(("marked", "text"), HARMLESS)
def test_edit_that_keeps_its_surroundings_passes(marked: str, text: str) -> None:
    assert judge("python", marked, text).findings == ()


@pytest.mark.parametrize(("marked", "text"), HARMFUL)
def test_edit_that_changes_how_its_surroundings_are_read_fails(marked: str, text: str) -> None:
    assert not judge("python", marked, text).ok
