"""Models that installed packages offer, by the entry point ``instant_edit.models``.

What is said of them here is said without importing a line of theirs.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from instant_edit.errors import ModelError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from instant_edit.models.protocol import Denoiser

GROUP = "instant_edit.models"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a package offers.

    Args:
        name: the model, as ``--model`` takes it.
        value: the callable that gives it, as ``module:attribute``.
        distribution: the package with its version.
        fault: why it cannot be loaded, as far as its files tell; None where they tell nothing.
    """

    name: str
    value: str
    distribution: str
    fault: str | None


def points() -> tuple[EntryPoint, ...]:
    """The entry points themselves."""
    from importlib.metadata import entry_points  # slow to import, and the default needs none

    return tuple(entry_points(group=GROUP))


def offers() -> list[Offer]:
    """What all packages offer, by name. Never raises: what is broken says so."""
    return sorted((_offer(point) for point in points()), key=lambda offer: offer.name)


def point_of(name: str) -> EntryPoint | None:
    """The entry point of that name."""
    return next((point for point in points() if point.name == name), None)


def made(point: EntryPoint) -> Denoiser:
    """What another package offers; whatever goes wrong in it names that package.

    Raises:
        ModelError: it does.
    """
    try:
        denoiser: Denoiser = point.load()()
    except ModelError:
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise ModelError(f"model {point.name!r} of {point.value} does not load: {said}") from error
    lacking = [part for part in ("encode", "tokenizer", "info") if not hasattr(denoiser, part)]
    if lacking:
        raise ModelError(f"model {point.name!r} of {point.value} is no Denoiser: no {lacking[0]}")
    return denoiser


def _offer(point: EntryPoint) -> Offer:
    try:
        dist = point.dist
        whose = f"{dist.name} {dist.version}" if dist else "an unknown package"
    except Exception as error:  # a package's metadata may hold anything
        whose = f"a package with broken metadata ({type(error).__name__})"
    return Offer(point.name, point.value, whose, _fault(point))


def _fault(point: EntryPoint) -> str | None:
    """Why a callable cannot be there."""
    match = point.pattern.match(point.value)
    if match is None or not match["attr"]:
        return f"{point.value!r} is not module:callable"
    module, attribute = match["module"], match["attr"].partition(".")[0]
    try:
        spec = _spec(module)
    except Exception as error:  # a finder of some package may raise anything
        return f"{module} cannot be looked for: {type(error).__name__}: {error}"
    if spec is None:
        return f"no module {module}"
    if spec.origin is None or not spec.origin.endswith(".py"):
        return None  # compiled: its names are not to be read
    try:
        names = _names(ast.parse(Path(spec.origin).read_bytes()))
    except (OSError, SyntaxError, ValueError) as error:
        return f"{module} cannot be read: {error}"
    return None if {attribute, "*", "__getattr__"} & names else f"{module} has no {attribute}"


def _spec(module: str) -> ModuleSpec | None:
    """Where a module is; the packages above it are found and not imported."""
    path: Sequence[str] | None = None
    spec, name = None, ""
    for part in module.split("."):
        name = f"{name}.{part}" if name else part
        spec = PathFinder.find_spec(name, path)
        if spec is None:
            return None
        path = spec.submodule_search_locations
    return spec


def _names(tree: ast.Module) -> set[str]:
    """Every name that a module may bind at its top, in whatever branch."""
    names: set[str] = set()
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(one.asname or one.name).partition(".")[0] for one in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        waiting += ast.iter_child_nodes(node)
    return names
