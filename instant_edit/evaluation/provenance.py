"""What figures depend on besides their rows: the model, the versions, the machine."""

from __future__ import annotations

import hashlib
import os
import platform
from importlib import metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from instant_edit.models.protocol import ModelInfo

_PACKAGES = ("instant-edit", "torch", "tokenizers", "tree-sitter")


def provenance(model: ModelInfo) -> dict[str, Any]:
    """The part of a report that says what it was measured with."""
    return {
        "model": {
            "id": model.id,
            "digest": model.digest,
            "dtype": model.dtype,
            "threads": model.threads,
            "parameters": model.parameters,
        },
        "versions": {
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in _PACKAGES},
        },
        "machine": {"processor": platform.machine(), "cores": os.cpu_count()},
    }


def sha256(path: Path) -> str:
    """The digest of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
