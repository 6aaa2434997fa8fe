"""Right outcomes of Python edits that have more than one: predicates over syntax trees.

Each takes the text before, a right text after, and what was produced; comments and layout
never matter, and all that the edit was not asked for must be as it was.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from instant_edit.edit_kinds.checking import python_tree
from instant_edit.languages import Language

_BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_OLD_TYPES = {"List": "list", "Dict": "dict", "Set": "set", "Tuple": "tuple", "Type": "type"}
_LOGGERS = frozenset({"logging", "logger", "log", "LOG", "_logger", "LOGGER"})
_LEVELS = frozenset({"debug", "info", "warning", "error"})
_SHORTEST = 2  # words of a docstring


def documented(before: str, after: str, produced: str, language: Language) -> bool:
    """One definition has gained a docstring of two words or more, and nothing else changed."""
    del after, language
    old, new = python_tree(before), python_tree(produced)
    if old is None or new is None:
        return False
    gained = 0
    for one, other in zip(_definitions(old), _definitions(new), strict=False):
        text = ast.get_docstring(other)
        if ast.get_docstring(one) is None and text is not None:
            if len(text.split()) < _SHORTEST:
                return False
            other.body, gained = other.body[1:], gained + 1
    return gained == 1 and ast.dump(old) == ast.dump(new)


def guarded(before: str, after: str, produced: str, language: Language) -> bool:
    """One function asks first whether the same parameter is None; nothing else changed."""
    del language
    old, right, new = (python_tree(text) for text in (before, after, produced))
    if old is None or right is None or new is None:
        return False
    wanted = _taken_out(old, right)
    found = _taken_out(old, new)
    return bool(wanted) and wanted == found and ast.dump(old) == ast.dump(new)


def caught(before: str, after: str, produced: str, language: Language) -> bool:
    """The same statements stand in a ``try`` that catches the same; its answer is free."""
    del before, language
    return _alike(_without_answers, after, produced)


def named(before: str, after: str, produced: str, language: Language) -> bool:
    """The handler names an exception, whichever, and nothing else changed."""
    del before, language
    return _alike(_without_names, after, produced)


def logged(before: str, after: str, produced: str, language: Language) -> bool:
    """The same is logged, by any logger at any level."""
    del before, language
    return _alike(_any_logger, after, produced)


def hinted(before: str, after: str, produced: str, language: Language) -> bool:
    """The same types stand there, in whichever of the ways of writing them."""
    del before, language
    return _alike(_modern_types, after, produced)


def extracted(before: str, after: str, produced: str, language: Language) -> bool:
    """The same value has a name in capitals, whichever, and is used by it."""
    del language
    old, right, new = (python_tree(text) for text in (before, after, produced))
    if old is None or right is None or new is None:
        return False
    known = _names(old)
    for tree in (right, new):
        fresh = _names(tree) - known
        if len(fresh) != 1 or not next(iter(fresh)).isupper():
            return False
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in fresh:
                node.id = "CONSTANT"
    return ast.dump(right) == ast.dump(new)


def _alike(prepare: Callable[[ast.Module], None], after: str, produced: str) -> bool:
    right, new = python_tree(after), python_tree(produced)
    if right is None or new is None:
        return False
    prepare(right)
    prepare(new)
    return ast.dump(right) == ast.dump(new)


def _definitions(
    tree: ast.Module,
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    return (node for node in ast.walk(tree) if isinstance(node, _BLOCKS))


def _taken_out(old: ast.Module, new: ast.Module) -> list[tuple[str, str]]:
    """Take out of ``new`` the guards that it has more; which function, which name."""
    found = []
    for one, other in zip(_definitions(old), _definitions(new), strict=False):
        if len(other.body) == len(one.body) + 1:
            for index, statement in enumerate(other.body[:2]):
                name = _asks_for_none(statement)
                if name:
                    found.append((other.name, name))
                    del other.body[index]
                    break
    return found


def _asks_for_none(statement: ast.stmt) -> str:
    """The name that a guard asks for, if it is one."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return ""
    if not isinstance(statement.body[-1], ast.Return | ast.Raise | ast.Assign):
        return ""
    said = ast.unparse(statement.test)
    name = said.removesuffix(" is None")
    return name if name != said and name.isidentifier() else ""


def _without_answers(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            node.body, node.name = [ast.Pass()], None


def _without_names(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            node.type, node.name = ast.Constant("named"), None


def _any_logger(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            continue
        if node.value.id in _LOGGERS and node.attr in _LEVELS:
            node.value.id, node.attr = "logger", "info"


def _modern_types(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation is not None:
            node.annotation = _modern(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            node.returns = _modern(node.returns)


def _modern(hint: ast.expr) -> ast.expr:
    """A type as it is written today: ``list[int] | None``."""
    said = ast.unparse(hint).replace("typing.", "").strip("'\"")
    for old, new in _OLD_TYPES.items():
        said = said.replace(f"{old}[", f"{new}[")
    if said.startswith("Optional[") and said.endswith("]"):
        said = f"{said[9:-1]} | None"
    return ast.Constant(said)


def _names(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
