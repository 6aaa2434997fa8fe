"""Calls and what they take: ``get``, ``pathlib``, and a parameter more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.making import backwards, forwards, mixed, units
from instant_edit.edit_kinds.view import View
from instant_edit.request import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_CHECKS = {
    "exists": "exists()", "isfile": "is_file()", "isdir": "is_dir()", "basename": "name",
    "dirname": "parent", "islink": "is_symlink()", "abspath": "absolute()",
}  # fmt: skip
_TWICE = re.compile(r"([\w.]+)\[(['\"]\w+['\"])\] if \2 in \1 else ")
_NAME = re.compile(r"[\w.]+")
_TYPE = re.compile(r"(?:^|\.)[A-Z]\w*[a-z]\w*$")  # Union["A", int] is no mapping


def subscripts(view: View) -> Iterator[Span]:
    """Statements that read an item of a mapping by a text."""
    return units(view, (*_subscripts(view), *_asked_twice(view)))


def gets(view: View, rng: Random) -> Iterator[Rewrite]:
    """``d["key"]`` made ``d.get("key")``, and ``get`` to be made again."""
    for node in mixed(rng, _subscripts(view)):
        got = f"{view.field(node, 'value')}.get({view.field(node, 'subscript')})"
        for rewrite in forwards(view, node, (view.span(node), got)):
            if rewrite.old.count("[") == 1:
                yield rewrite
    for node in view.shuffled(rng, "call"):
        arguments, said = _arguments(node), view.said(node)
        match = re.match(r"([\w.]+)\.get\(", said)
        around = node.parent.type if node.parent is not None else ""
        if match is None or len(arguments) != 2 or arguments[0].type != "string":
            continue
        if around in ("assignment", "return_statement"):
            key, default = map(view.said, arguments)
            long = f"{match[1]}[{key}] if {key} in {match[1]} else {default}"
            yield from backwards(view, node, (view.span(node), long))


def os_paths(view: View) -> Iterator[Span]:
    """Statements that ask ``os.path``."""
    return units(view, (node for node, _ in _os_paths(view)))


def pathlibs(view: View, rng: Random) -> Iterator[Rewrite]:
    """Calls of ``os.path`` written with ``Path``."""
    for node, new in mixed(rng, _os_paths(view)):
        for rewrite in forwards(view, node, (view.span(node), new)):
            if rewrite.old.count("os.path") == 1:
                yield rewrite


def signatures(view: View) -> Iterator[Span]:
    """The parameters of every function."""
    for node in view.all("function_definition"):
        parameters = node.child_by_field_name("parameters")
        if parameters is not None and view.compact(view.span(parameters)):
            yield view.span(parameters)


def more_parameters(view: View, rng: Random) -> Iterator[Rewrite]:
    """A last parameter with a default taken away, to be added again."""
    for node in view.shuffled(rng, "function_definition"):
        parameters = node.child_by_field_name("parameters")
        listed = parameters.named_children if parameters is not None else []
        if parameters is None or not listed or not view.compact(view.span(parameters)):
            continue
        last = listed[-1]
        if last.type not in ("default_parameter", "typed_default_parameter"):
            continue
        name, value = view.field(last, "name"), view.field(last, "value")
        whole = view.span(parameters)
        start = view.span(listed[-2]).end if len(listed) > 1 else whole.start + 1
        old = view.changed(whole, [(Span(start, view.span(last).end), "")])
        said = rng.choice(
            ("add a parameter {0} with default {1}", "add an argument {0}={1}", "add {0}={1}")
        )
        yield Rewrite(whole, old, view.of_span(whole), said.format(name, value))


def _subscripts(view: View) -> Iterator[Node]:
    for node in view.all("subscript"):
        key, parent = node.child_by_field_name("subscript"), node.parent
        if key is None or key.type != "string" or parent is None:
            continue
        read = parent.type in ("argument_list", "return_statement", "keyword_argument")
        assigned = parent.type == "assignment" and parent.child_by_field_name("right") == node
        value = view.field(node, "value")
        if (read or assigned) and _NAME.fullmatch(value) and not _TYPE.search(value):
            yield node


def _asked_twice(view: View) -> Iterator[Node]:
    """``d["key"] if "key" in d else …``."""
    for node in view.all("conditional_expression"):
        if _TWICE.match(view.said(node)):
            yield node


def _os_paths(view: View) -> Iterator[tuple[Node, str]]:
    for node in view.all("call"):
        name, arguments = view.field(node, "function"), _arguments(node)
        if not name.startswith("os.path.") or not arguments:
            continue
        called, said = name.removeprefix("os.path."), [view.said(one) for one in arguments]
        if any(one.type == "list_splat" for one in arguments):
            continue
        if called in _CHECKS and len(said) == 1:
            yield node, f"Path({said[0]}).{_CHECKS[called]}"
        elif called == "join" and len(said) > 1 and all(map(_atomic, arguments)):
            yield node, f"Path({said[0]}) / {' / '.join(said[1:])}"


def _atomic(node: Node) -> bool:
    return node.type in ("identifier", "attribute", "string", "call", "subscript")


def _arguments(call: Node) -> list[Node]:
    listed = call.child_by_field_name("arguments")
    return listed.named_children if listed is not None else []
