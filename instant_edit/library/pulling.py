"""Fetching a model: one commit of one repository, tensors and settings only, whole or not at all.

Files are fetched into a folder beside the final one, where an interrupted pull goes on; the folder
gets its name when every file has the size and the hash that the hub said.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from instant_edit.errors import ModelError
from instant_edit.library.listing import gigabytes
from instant_edit.models import store
from instant_edit.models.manifest import Manifest, fingerprint

if TYPE_CHECKING:
    from instant_edit.models.catalogue import CatalogueEntry

KEPT = (".safetensors", ".json")
ALSO = ("tokenizer.model", "merges.txt", "vocab.txt", "chat_template.jinja")
PARTIAL = ".partial"
CHUNK = 1 << 20  # bytes

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a repository; ``sha256`` is known of large ones."""

    name: str
    size: int
    sha256: str | None


def pull(entry: CatalogueEntry, tell: Tell, *, revision: str | None = None) -> Path:
    """Fetch a model, or go on where it was interrupted; the folder it is in.

    Args:
        entry: which; it has a repository.
        tell: told what happens.
        revision: a commit, tag or branch instead of the catalogue's.

    Raises:
        ModelError: no such repository or revision, no permission, no safetensors, no room on the
            disk, or a file that arrived damaged.
    """
    assert entry.repository is not None
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        import huggingface_hub as hub
    except ImportError:
        raise ModelError(
            "fetching models needs huggingface_hub: pip install 'instant-edit[models]'"
        ) from None
    target = store.folder_of(entry)
    part = target.with_name(target.name + PARTIAL)
    api, wish = hub.HfApi(endpoint=os.environ.get("HF_ENDPOINT")), revision or entry.revision
    with _explained(entry.repository, wish, api.endpoint):
        found = api.model_info(entry.repository, revision=wish, files_metadata=True)
        files = wanted(entry.repository, found.siblings or ())
        manifest = Manifest(entry.repository, str(found.sha), {f.name: f.size for f in files})
        known = Manifest.of(target)
        if known and known.same_commit(manifest) and known.changed(target) is None:
            tell(f"{entry.id} is here already, at {manifest.revision}")
            return target
        _make_room(part, files)
        tell(f"fetching {entry.repository} at {manifest.revision}: {_sum(files)}")
        for file in files:
            api.hf_hub_download(
                entry.repository, file.name, revision=manifest.revision, local_dir=part
            )
    for file in files:
        check(part / file.name, file)
    prints = {file.name: fingerprint(part / file.name) for file in files}
    replace(manifest, fingerprints=prints).write(part)
    _replace(part, target)
    return target


def wanted(repository: str, siblings: Sequence[Any]) -> list[RemoteFile]:
    """The files of a repository that a model is opened from, in order.

    Raises:
        ModelError: its weights are no safetensors, or a name leads out of the folder.
    """
    names = [one.rfilename for one in siblings]
    if not any(name.endswith(".safetensors") for name in names):
        pickles = [name for name in names if name.endswith((".bin", ".pt", ".pth", ".ckpt"))]
        have = f"only pickles ({', '.join(pickles)}), which can run code when opened"
        raise ModelError(f"{repository} has {have if pickles else 'no safetensors'}; it is refused")
    kept = [one for one in siblings if "/" not in one.rfilename and _kept(one.rfilename)]
    for name in (one.rfilename for one in kept):
        if PurePosixPath(name).name != name or "\\" in name:
            raise ModelError(f"{repository} has a file of the name {name!r}; it is refused")
    return sorted(
        (RemoteFile(one.rfilename, int(one.size or 0), _hash(one)) for one in kept),
        key=lambda file: (file.size, file.name),
    )


def check(path: Path, file: RemoteFile) -> None:
    """See that a file arrived as it was sent; one that did not is taken away.

    Raises:
        ModelError: it did not.
    """
    right = path.stat().st_size == file.size
    if right and file.sha256 is not None:
        sha = hashlib.sha256()
        with path.open("rb") as handle:
            while chunk := handle.read(CHUNK):
                sha.update(chunk)
        right = sha.hexdigest() == file.sha256
    if not right:
        path.unlink()
        raise ModelError(f"{path.name} arrived damaged and was taken away; pull again")


def _kept(name: str) -> bool:
    return name.endswith(KEPT) or name in ALSO


def _hash(sibling: Any) -> str | None:  # noqa: ANN401 - the hub's own type
    return sibling.lfs.sha256 if sibling.lfs is not None else None


def _sum(files: Sequence[RemoteFile]) -> str:
    return f"{len(files)} files, {gigabytes(sum(file.size for file in files))}"


def _make_room(part: Path, files: Sequence[RemoteFile]) -> None:
    """Refuse what the disk has no room for, before anything is fetched."""
    try:
        part.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(f"{part} cannot be made: {error.strerror}") from None
    have = sum(path.stat().st_size for path in part.rglob("*") if path.is_file())
    need = sum(file.size for file in files) - have
    free = shutil.disk_usage(part).free
    if need > free:
        raise ModelError(
            f"{part} has {gigabytes(free)} left, and {gigabytes(need)} are to be fetched; free "
            f"some, or set {store.VARIABLE} to another folder"
        )


def _replace(part: Path, target: Path) -> None:
    shutil.rmtree(part / ".cache", ignore_errors=True)  # the hub client's own notes
    if target.exists():
        old = target.with_name(target.name + ".old")
        target.rename(old)
        part.rename(target)
        shutil.rmtree(old)
    else:
        part.rename(target)


@contextmanager
def _explained(repository: str, revision: str, hub: str) -> Iterator[None]:
    """Turn the hub client's errors into ours, with what to do."""
    from huggingface_hub import errors

    page = f"{hub}/{repository}"
    try:
        yield
    except errors.GatedRepoError:
        raise ModelError(
            f"{repository} is gated: accept its terms at {page}, then set HF_TOKEN to a token of "
            "that account that may read it"
        ) from None
    except errors.RevisionNotFoundError:
        raise ModelError(
            f"{repository} has no revision {revision!r}; name another with --revision, such as main"
        ) from None
    except errors.RepositoryNotFoundError:
        raise ModelError(
            f"{repository} is not to be found at {page}; if it is private or gated, set HF_TOKEN "
            "to a token that may read it"
        ) from None
    except Exception as error:
        if not (isinstance(error, OSError) or _is_transport(error)):
            raise
        raise ModelError(
            f"{repository} could not be fetched: {error}; what has come is kept: pull again"
        ) from None


def _is_transport(error: Exception) -> bool:
    """Whether an error is of the hub client's HTTP library, whichever that is."""
    return type(error).__module__.partition(".")[0].startswith("http")
