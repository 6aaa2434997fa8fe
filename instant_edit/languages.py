"""The languages that instant-edit can edit: file names, grammar, comments, strict checker.

A grammar is a shared library in a wheel of its own; it is loaded when a text of its
language is first parsed, never when this file is imported.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING

from instant_edit import compiling
from instant_edit.errors import LanguageError
from instant_edit.request import Finding, Span
from instant_edit.text import SourceText

if TYPE_CHECKING:
    import tree_sitter

StrictChecker = Callable[[str, str], Finding | None]


@dataclass(frozen=True, slots=True)
class Language:
    """One language. ``strict(source, path)`` says what a real parser finds wrong, or None."""

    id: str
    aliases: tuple[str, ...]
    patterns: tuple[str, ...]
    line_comment: str | None
    block_comment: tuple[str, str] | None
    module: str
    function: str = "language"
    interpreters: tuple[str, ...] = ()
    strict: StrictChecker | None = None

    def grammar(self) -> tree_sitter.Language:
        """The tree-sitter grammar, loaded at the first call."""
        return _load(self.id, self.module, self.function)


@lru_cache(maxsize=8)
def check_python(source: str, path: str) -> Finding | None:
    """What ``compile`` rejects in a Python source. It runs nothing.

    The last answers are kept, for each candidate is compared with the same original.
    """
    fault = compiling.fault(source, path)
    if fault is None:
        return None
    return _strict(f"python: {fault.message}", source, fault.line, fault.column)


def check_json(source: str, path: str) -> Finding | None:
    """What ``json.loads`` rejects in a JSON source; ``path`` is not needed for it."""
    del path
    try:
        json.loads(source)
    except json.JSONDecodeError as error:
        return Finding("strict", f"json: {error.msg}", error.pos)
    except (ValueError, RecursionError) as error:
        return Finding("strict", f"json: {error or type(error).__name__}", 0)
    return None


def _strict(message: str, source: str, line: int | None, column: int | None) -> Finding:
    """A finding at a line and column that count from 1, and may be missing or outside."""
    text = SourceText(source)
    span = text.line_span(line - 1) if line and line <= text.line_count else Span(0, 0)
    return Finding("strict", message, min(span.start + max((column or 1) - 1, 0), span.end))


_SLASHES = ("/*", "*/")
_LANGUAGES = (
    Language(
        "python",
        ("py",),
        ("*.py", "*.pyi", "*.pyw", "SConstruct", "SConscript"),
        "#",
        None,
        "tree_sitter_python",
        interpreters=("python", "pypy"),
        strict=check_python,
    ),
    Language(
        "javascript",
        ("javascriptreact", "js", "jsx"),
        ("*.js", "*.jsx", "*.mjs", "*.cjs"),
        "//",
        _SLASHES,
        "tree_sitter_javascript",
        interpreters=("node", "nodejs"),
    ),
    Language(
        "typescript",
        ("ts",),
        ("*.ts", "*.mts", "*.cts"),
        "//",
        _SLASHES,
        "tree_sitter_typescript",
        "language_typescript",
        interpreters=("deno", "ts-node", "bun"),
    ),
    Language(
        "tsx",
        ("typescriptreact",),
        ("*.tsx",),
        "//",
        _SLASHES,
        "tree_sitter_typescript",
        "language_tsx",
    ),
    Language("go", ("golang",), ("*.go",), "//", _SLASHES, "tree_sitter_go"),
    Language("rust", ("rs",), ("*.rs",), "//", _SLASHES, "tree_sitter_rust"),
    Language("java", (), ("*.java",), "//", _SLASHES, "tree_sitter_java"),
    Language("c", (), ("*.c", "*.h"), "//", _SLASHES, "tree_sitter_c"),
    Language(
        "cpp",
        ("c++", "cxx"),
        ("*.cpp", "*.cc", "*.cxx", "*.c++", "*.hpp", "*.hh", "*.hxx", "*.ipp", "*.tpp"),
        "//",
        _SLASHES,
        "tree_sitter_cpp",
    ),
    Language(
        "bash",
        ("shellscript", "sh", "shell"),
        ("*.sh", "*.bash", ".bashrc", ".bash_profile", ".bash_aliases", ".profile", "PKGBUILD"),
        "#",
        None,
        "tree_sitter_bash",
        interpreters=("bash", "sh", "dash", "ksh"),
    ),
    Language("json", (), ("*.json",), None, None, "tree_sitter_json", strict=check_json),
    Language(
        "jsonc",
        (),
        ("*.jsonc", "tsconfig.json", "tsconfig.*.json", "jsconfig.json", ".eslintrc.json"),
        "//",
        _SLASHES,
        "tree_sitter_json",
    ),
    Language("html", (), ("*.html", "*.htm", "*.xhtml"), None, ("<!--", "-->"), "tree_sitter_html"),
    Language("css", (), ("*.css",), None, _SLASHES, "tree_sitter_css"),
)
_BY_NAME = {name: language for language in _LANGUAGES for name in (language.id, *language.aliases)}
_SHEBANG = re.compile(r"#![ \t]*(?:\S*/)?(?:env[ \t]+(?:-S[ \t]+)?(?:\S*/)?)?([A-Za-z+-]+)")


def all_languages() -> tuple[Language, ...]:
    """Every language, in a fixed order."""
    return _LANGUAGES


def get(language_id: str) -> Language:
    """The language of an id, as editors spell it (``shellscript``, ``typescriptreact``)."""
    found = _BY_NAME.get(language_id.lower())
    if found is None:
        raise LanguageError(f"unknown language {language_id!r}; known are: {_known()}")
    return found


def for_path(path: str | PurePath, first_line: str = "") -> Language:
    """The language of a file name, or else of a ``#!`` line; a whole name beats a pattern."""
    name = PurePath(path).name
    for exact in (True, False):
        for language in _LANGUAGES:
            patterns = [p for p in language.patterns if p.startswith("*.") is not exact]
            if any(fnmatchcase(name, p) or fnmatchcase(name.lower(), p) for p in patterns):
                return language
    shebang = _SHEBANG.match(first_line)
    for language in _LANGUAGES:
        if shebang and shebang.group(1) in language.interpreters:
            return language
    raise LanguageError(f"{path}: no language is known for this file name; known are: {_known()}")


def _known() -> str:
    return ", ".join(language.id for language in _LANGUAGES)


@cache
def _load(language_id: str, module: str, function: str) -> tree_sitter.Language:
    wheel = module.replace("_", "-")
    try:
        from tree_sitter import Language as Grammar

        return Grammar(getattr(importlib.import_module(module), function)())
    except (ImportError, AttributeError, ValueError) as error:
        raise LanguageError(
            f"the grammar of {language_id} cannot be loaded ({error}); "
            f"install it again: pip install --force-reinstall tree-sitter {wheel}"
        ) from error
