"""The spine in the other languages. The span stands between « and »."""

from __future__ import annotations

import pytest

from tests.unit.marked import judge

HARMLESS = [
    ("javascript", "function f(a) {\n  «return a;»\n}\n", "if (a) { return 1; }\n  return 2;"),
    ("javascript", "function f(a) {\n  foo();\n  «bar();»\n}\n", ""),
    ("javascript", "return foo()\n  .a()\n«»  .b();\n", "  .c()\n"),
    ("javascript", "return foo()\n  .a()\n«»\n", "  .c()\n"),
    ("javascript", "const f = (a) => «a + 1»;\n", "{ return a + 1; }"),
    ("javascript", "const f = «(a) => a + 1»;\n", "function (a) { return a }"),
    ("javascript", "«function f(a) {»\n  return await b;\n}\n", "async function f(a) {"),
    ("javascript", "const s = `a ${b} «c»`;\n", "${d} e"),
    ("javascript", "const s = `a ${b} «c»`;\n", "` + `"),
    ("javascript", "foo(«»)\n", "a, (b) => b"),
    ("javascript", "const x = {a: 1«»};\n", ", b, ...c"),
    ("javascript", "const x = <div>\n  «<p/>»\n</div>;\n", "<b>{x}</b>"),
    (
        "javascript",
        "switch (a) {\n  case 1:\n    «foo();»\n    break;\n  default:\n bar();\n}\n",
        "x();",
    ),
    ("typescript", "class A {\n  private x: «number» = 1;\n}\n", "Map<string, number[]>"),
    ("typescript", "class A {\n  x = 1;\n«»  foo(): void {}\n}\n", "  @Input()\n"),
    ("typescript", "function f(a: number): «number» {\n  return a;\n}\n", "string | null"),
    ("typescript", "export «»function f() {}\n", "default "),
    ("typescript", "«»function f() {}\n", "export "),
    ("tsx", "const A = () => <B x={«1»}/>;\n", "y => y"),
    (
        "go",
        "package a\n\nfunc f() int {\n\tx := 1\n\t«return x»\n}\n",
        "if x > 1 {\n\t\treturn 2\n\t}\n\treturn x",
    ),
    (
        "go",
        "package a\n\nfunc f() int {\n\tx := 1\n«»\treturn x\n}\n",
        "\tif x > 1 {\n\t\treturn 2\n\t}\n",
    ),
    ("go", "package a\n\nfunc f() {\n\tx.y«()»\n}\n", " = 3"),
    ("go", "package a\n\nfunc f() {\n\tx«»\n}\n", "++"),
    (
        "rust",
        "fn f(a: i32) -> i32 {\n    let x = 1;\n    «x + a»\n}\n",
        "if x > 1 { return 2; }\n    x",
    ),
    ("rust", "fn f(a: i32) -> i32 {\n    let x = 1;\n    x + a«»\n}\n", ";"),
    (
        "rust",
        "fn f(a: i32) -> i32 {\n    match a {\n        1 => 2,\n«»        _ => 3,\n    }\n}\n",
        "        4 => { 5 }\n",
    ),
    (
        "rust",
        "fn f(a: i32) -> i32 {\n    g();\n«»    h();\n    1\n}\n",
        "    if a {\n    } else {\n        k();\n    }\n",
    ),
    ("rust", "«»fn f() {}\n", "#[test]\n"),
    ("java", "class A {\n    void f() {\n        «foo();»\n    }\n}\n", "if (a) { foo(); }"),
    (
        "java",
        "class A {\n    int x;\n«»    void f() {\n        foo();\n    }\n}\n",
        "    @Override\n",
    ),
    (
        "java",
        "class A {\n    int x;\n«»    void f() {\n        foo();\n    }\n}\n",
        "    void g() {\n    }\n",
    ),
    ("java", "class A {\n    int x = «1»;\n}\n", "2 + f(y -> y)"),
    (
        "c",
        "int f(int a) {\n    int x = 1;\n    «return x;»\n}\n",
        "if (a) return 2;\n    return x;",
    ),
    ("c", "«»int f(int a) {\n    return a;\n}\n", "static\n"),
    ("cpp", "«»T f(T a) {\n    return a;\n}\n", "template <typename T>\n"),
    ("cpp", "void f() {\n  for (auto x : «xs») {\n    g(x);\n  }\n}\n", "ys.begin()"),
    (
        "cpp",
        "void f() {\n  auto g = [&](int a) {\n    «return a;»\n  };\n}\n",
        "foo();\n    return a + 1;",
    ),
    ("bash", "if a; then\n  «b $x»\n  c\nfi\n", 'for i in 1 2; do\n    b "$i"\n  done'),
    ("bash", "ls «»\n", "| grep x"),
    ("bash", 'x="a «b»"\n', "$c"),
    ("json", '{\n  "a": 1,\n«»  "b": 2\n}\n', '  "c": [1, {}],\n'),
    ("json", '{\n  "a": «1»,\n  "b": 2\n}\n', '{"c": 3}'),
    ("html", "<div><p>«x»</p></div>\n", "y <b>z</b>"),
    ("html", "<div>«»<i>z</i></div>\n", "<br>"),
    ("html", '<div class="«a»">z</div>\n', "a b"),
    ("html", '<div class="«a»">z</div>\n', 'a" id="b'),
    ("css", "a { color: «red»; }\nb { margin: 0; }\n", "blue"),
    ("css", "a { «color: red;» }\n", ""),
]

HARMFUL = [
    ("javascript", "function f(a) {\n  «return a;»\n}\n", ""),
    ("javascript", "function f(a) {\n  foo();\n«»  bar();\n}\n", "}\nfunction g() {\n"),
    ("javascript", "function f(a) {\n  foo();\n«»  bar();\n}\n", "  const x =\n"),
    ("javascript", "function f(a) {\n  foo();\n«»  bar();\n}\n", "  if (a)\n"),
    ("javascript", "function f(a) {\n  foo();\n«»  bar();\n}\n", "  /* \n"),
    ("javascript", "function f(a) {\n  foo();\n«»  `bar`;\n}\n", "  const x = `\n"),
    ("javascript", "x = 1\n«»\n", "(foo)()\n"),
    ("javascript", "const x = <div>\n  «<p/>»\n  <i/></div>;\n", "<b>"),
    ("javascript", "switch (a) {\n  case 1:\n    «foo();»\n    bar();\n}\n", "case 2:"),
    (
        "go",
        "package a\n\nfunc f() int {\n\tx := 1\n«»\treturn x\n}\n",
        "\ty := 3\n}\n\nfunc g() int {\n",
    ),
    ("go", "package a\n\nfunc f() int {\n\tx := 1\n«»\tg()\n\treturn x\n}\n", "\tdefer func() {\n"),
    ("go", "package a\n\nfunc f() int {\n\tif a {\n\t\tb()\n«»\t\tc()\n\t}\n}\n", "\t} else {\n"),
    (
        "rust",
        "fn f(a: i32) -> i32 {\n    g();\n«»    h();\n    1\n}\n",
        "    1 }\n fn g() -> i32 {\n",
    ),
    (
        "java",
        "class A {\n    int f() {\n        foo();\n«»        return 1;\n    }\n}\n",
        "        return 2;\n    }\n    int g() {\n",
    ),
    ("c", "int f(int a) {\n    if (a)\n«»        return 1;\n    return 2;\n}\n", "        g();\n"),
    ("c", "#ifdef A\nint x;\n«»int y;\n#endif\n", "#else\n"),
    ("c", "int f(int a) {\n    int x = 1;\n«»    return x;\n}\n", "    x = 2; }\nint g(void) {\n"),
    ("bash", "if a; then\n  b\n«»  c\nfi\n", "else\n"),
    ("bash", "f() {\n  b\n«»  c\n}\n", "  echo 'it\n"),
    ("bash", "b\n«»c\n", "cat <<EOF\n"),
    ("bash", "b\n«»c d\n", "a \\\n"),
    ("json", '{\n  "a": «1»,\n  "b": 2\n}\n', '1}, {"c": 3'),
    ("json", '{\n  "a": [«1», 3],\n  "b": [2]\n}\n', '1], "c": [3'),
    ("json", '{\n  "a": [1«»]\n}\n', ","),
    ("html", "<div><p>«x»</p><i>z</i></div>\n", "y</p><p>"),
    ("html", "<div>«»<i>z</i></div>\n", "<b>"),
    ("html", "<div>«a» <i>z</i></div>\n", "<!-- "),
    ("css", "a { color: red«;» }\nb { margin: 0; }\n", "; }\nc { margin: 1px;"),
    ("css", "a { color: red;\n«»  margin: 0;\n}\n", "}\nb {\n"),
    ("css", "a { color: red;\n«»  margin: 0;\n}\n", "  /* x\n"),
]


@pytest.mark.parametrize(("language", "marked", "text"), HARMLESS)
def test_edit_that_keeps_its_surroundings_passes(language: str, marked: str, text: str) -> None:
    assert judge(language, marked, text).findings == ()


@pytest.mark.parametrize(("language", "marked", "text"), HARMFUL)
def test_edit_that_changes_its_surroundings_fails(language: str, marked: str, text: str) -> None:
    assert not judge(language, marked, text).ok
