"""A folder with a model: its configuration, its tokenizer's settings, its tensors.

Only safetensors are read: a pickle can run code when it is opened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instant_edit.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
INDEX = "model.safetensors.index.json"
SAMPLE = 1 << 20  # bytes read at either end of a file for its digest


class Checkpoint:
    """A folder as ``save_pretrained`` and the model hubs lay it out.

    Raises:
        ModelError: something is missing or cannot be read; the file is named.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise ModelError(f"model folder {folder} does not exist")
        self.folder = folder
        self.config = self.document("config.json")
        self.files = self._files()

    def document(self, name: str) -> dict[str, Any]:
        """A JSON file of the folder."""
        path = self.folder / name
        try:
            found = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise ModelError(f"{path} is missing; is {self.folder} a whole model?") from None
        except (OSError, ValueError) as error:
            raise ModelError(f"{path} cannot be read: {error}") from error
        if not isinstance(found, dict):
            raise ModelError(f"{path} is not a JSON object")
        return found

    def optional(self, name: str) -> dict[str, Any]:
        """A JSON file of the folder; empty where there is none."""
        return self.document(name) if (self.folder / name).is_file() else {}

    def _files(self) -> tuple[Path, ...]:
        if (self.folder / INDEX).is_file():
            shards = self.document(INDEX).get("weight_map", {})
            files = tuple(self.folder / name for name in sorted(set(shards.values())))
        else:
            files = tuple(sorted(self.folder.glob("*.safetensors")))
        outside = [f.name for f in files if f.parent.resolve() != self.folder.resolve()]
        missing = [f.name for f in files if not f.is_file()]
        if outside or missing:
            names = ", ".join(outside or missing)
            where = "lie outside it" if outside else "are missing"
            raise ModelError(f"{self.folder / INDEX} names files that {where}: {names}")
        if not files:
            raise ModelError(self._why_none())
        return files

    def _why_none(self) -> str:
        pickles = sorted(p.name for p in self.folder.iterdir() if p.suffix in PICKLES)
        if pickles:
            return (
                f"{self.folder} has its weights as pickle ({', '.join(pickles)}), which can run "
                "code when opened and is refused; convert them to safetensors"
            )
        return f"{self.folder} has no .safetensors file"

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        """Every tensor by name, one at a time."""
        try:
            from safetensors import SafetensorError, safe_open
        except ImportError as error:
            raise needs(error) from error
        for path in self.files:
            try:
                with ExitStack() as stack:
                    file = stack.enter_context(safe_open(path, framework="pt"))
                    for name in file.keys():  # noqa: SIM118 - it is no mapping
                        yield name, file.get_tensor(name)
            except (SafetensorError, OSError) as error:
                raise ModelError(f"weights file {path} is corrupt: {error}") from error

    def digest(self) -> str:
        """SHA-256 of the configuration, and of every weights file's size, head and tail.

        Whole files would take minutes; a file's head has the name and place of every tensor.
        """
        sha = hashlib.sha256((self.folder / "config.json").read_bytes())
        for path in self.files:
            size = path.stat().st_size
            with path.open("rb") as handle:
                sha.update(f"{path.name}:{size}:".encode() + handle.read(SAMPLE))
                handle.seek(max(0, size - SAMPLE))
                sha.update(handle.read(SAMPLE))
        return f"sampled-sha256:{sha.hexdigest()}"


def needs(error: ImportError) -> ModelError:
    """What to say where an optional library is not installed."""
    return ModelError(
        f"this model needs the library {error.name}: pip install 'instant-edit[models]'"
    )
