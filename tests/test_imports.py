"""The import lint: which room may know which, and what a start must not load."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).resolve().parents[1] / "instant_edit"
MODULES = sorted(PACKAGE.rglob("*.py"))

PROTOCOL_ROOMS = {"lsp"}
DRAFTS = {"drafting", "verified", "free"}
TORCH_ROOMS = {"models", "denoise", "sampling", "training", "tuning", *DRAFTS}
BEFORE_THE_ENGINE = {"context", "tokenizer", "canvas", "ending", "job", "candidates", "repair"}
MODEL_SIDE = BEFORE_THE_ENGINE | (TORCH_ROOMS - {"training", "tuning"})
SURFACES = {
    "lsp",
    "apply",
    "cli",
    "doctor",
    "evaluation",
    "benchmarking",
    "library",
    "serve",
    "tuning",
    "__main__",
}
REMOTE_MAY_KNOW = {"context", "models"}  # windows of a text, and what a model is called


def room(path: Path) -> str:
    """Name the room a file belongs to: a folder of the package, or a module of its own."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def parsed(path: Path) -> ast.Module:
    """Parse a file once for all tests."""
    return ast.parse(path.read_bytes())


def imports(path: Path, *, with_types: bool = False) -> Iterator[str]:
    """Yield every module that a file imports at run time, lazily or not."""
    tree = parsed(path)
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for child in node.body
        for inner in ast.walk(child)
    }
    for node in ast.walk(tree):
        if id(node) in for_types and not with_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import absolutely"
            module = node.module or ""
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path) -> set[str]:
    """Name the rooms of this package that a file imports at run time."""
    parts = [name.split(".") for name in imports(path)]
    return {names[1] for names in parts if names[0] == "instant_edit" and len(names) > 1}


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


every_module = pytest.mark.parametrize("path", MODULES, ids=name_of)


@every_module
def test_only_lsp_knows_the_protocol(path: Path) -> None:
    used = {name.split(".")[0] for name in imports(path, with_types=True)}
    if room(path) not in PROTOCOL_ROOMS:
        assert not used & {"pygls", "lsprotocol"}


@every_module
def test_only_the_model_rooms_know_torch(path: Path) -> None:
    used = {name.split(".")[0] for name in imports(path)}
    if room(path) not in TORCH_ROOMS:
        assert not used & {"torch", "transformers", "safetensors"}


@every_module
def test_the_run_time_never_needs_the_training(path: Path) -> None:
    if room(path) not in {"training", "tuning"}:
        assert "training" not in rooms_imported(path)
    if room(path) not in {"tuning", "cli"}:
        assert "tuning" not in rooms_imported(path)


@every_module
def test_the_data_goes_one_way(path: Path) -> None:
    here, used = room(path), rooms_imported(path)
    if here == "engine":
        assert not used & SURFACES, "the engine knows no surface"
    elif here in MODEL_SIDE:
        assert not used & {"engine", *SURFACES}, "nothing before the engine knows what follows it"
    elif here == "interface":
        assert not used & (MODEL_SIDE | SURFACES), "it opens engines and knows nothing inside them"
    elif here == "remote":
        assert not used & ({"engine", *MODEL_SIDE, *SURFACES} - REMOTE_MAY_KNOW)
    elif here == "lsp":
        assert not used & (SURFACES - {"lsp"})
    elif here == "apply":
        assert not used & (SURFACES - {"apply"})
    elif here not in SURFACES | {"training", "__init__"}:  # the pure rooms, and every new one
        assert not used & {"engine", *MODEL_SIDE, *SURFACES}, "the pure rooms know no model"


@every_module
def test_only_two_files_open_connections(path: Path) -> None:
    used = {name.split(".")[0] for name in imports(path)}
    clients = used & {"httpx", "httpx2", "requests", "urllib3", "socket", "huggingface_hub"}
    if name_of(path) not in ("remote/http.py", "library/pulling.py"):
        assert not clients
    assert room(path) == "serve" or not used & {"uvicorn", "starlette"}


@every_module
def test_the_server_never_prints(path: Path) -> None:
    if room(path) == "lsp":
        calls = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]
        assert "print" not in {ast.unparse(call.func) for call in calls}


def loaded(code: str) -> set[str]:
    """Name the top-level packages that are loaded after some code has run by itself."""
    show = "import sys; sys.stderr.write(' '.join(name.split('.')[0] for name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{show}"], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_help_loads_nothing_heavy() -> None:
    heavy = {"torch", "numpy", "pygls", "lsprotocol", "rich", "tree_sitter", "tokenizers", "gguf"}
    assert not loaded("from instant_edit.cli import main; main(['--help'])") & heavy


def test_an_endpoint_is_asked_without_torch() -> None:
    rooms = ("editor", "http", "keys", "protocols.infill", "protocols.chat")
    code = "\n".join(f"import instant_edit.remote.{room}" for room in rooms)
    assert not loaded(code) & {"torch", "httpx2", "keyring"}


def test_the_language_server_starts_without_torch() -> None:
    assert not loaded("import instant_edit.lsp.server") & {"torch", "numpy", "tokenizers"}


def test_the_package_itself_loads_nothing_heavy() -> None:
    assert not loaded("import instant_edit") & {"torch", "numpy", "tree_sitter", "click"}


def test_bad_input_is_refused_without_loading_torch(tmp_path: Path) -> None:
    code = f"from instant_edit.cli import main; main(['apply', {str(tmp_path)!r}, '--lines', '1'])"
    show = "import sys; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", f"{code}\n{show}"], check=True, capture_output=True)
