"""From a name to a model: what ships, what was fetched, what lies in a folder, what others add.

A name is one of

* ``embedded``, or the path of a ``.gguf`` file of the embedded network;
* a model of the catalogue, by its id or its repository, once it has been fetched;
* the path of a folder with safetensors, as ``FAMILY:PATH`` where its configuration leaves open
  which family it is of;
* what an installed package offers under the entry point ``instant_edit.models``: a callable that
  takes no argument and gives a ``Denoiser``.

Of those in folders, ``@int8`` or ``@int4`` behind the name has their weights kept smaller.

Nothing here imports torch.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

from instant_edit.errors import ModelError
from instant_edit.models import store
from instant_edit.models.catalogue import CatalogueEntry, Family, catalogue
from instant_edit.models.memory import Precision

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from instant_edit.models.protocol import Denoiser

GROUP = "instant_edit.models"
EMBEDDED = "embedded"


def load(name: str) -> Denoiser:
    """The model of that name.

    Raises:
        ModelError: no such model, it was not fetched yet, or its files are missing or corrupt.
    """
    if name == EMBEDDED or name.endswith(".gguf"):
        return _embedded(name)
    offered = _offered(name)
    if offered is not None:
        return _from_entry_point(offered)
    base, precision = split_precision(name)
    folder, family = locate(base)
    from instant_edit.models.families.opening import open_family

    return open_family(folder, family, name, precision=precision)


def split_precision(name: str) -> tuple[str, Precision | None]:
    """A name and the precision that it may end in, as in ``dream-7b@int8``."""
    base, _, said = name.rpartition("@")
    found = next((one for one in get_args(Precision) if base and one == said), None)
    return (base, found) if found else (name, None)


def _embedded(name: str) -> Denoiser:
    from instant_edit.models.embedded import EmbeddedDenoiser

    return EmbeddedDenoiser.load() if name == EMBEDDED else EmbeddedDenoiser.load(Path(name))


def _offered(name: str) -> EntryPoint | None:
    return next((point for point in _entry_points() if point.name == name), None)


def _entry_points() -> tuple[EntryPoint, ...]:
    from importlib.metadata import entry_points  # slow to import, and the default needs none

    return tuple(entry_points(group=GROUP))


def _from_entry_point(offered: EntryPoint) -> Denoiser:
    """What another package offers; whatever goes wrong in it names that package."""
    try:
        made: Denoiser = offered.load()()
    except ModelError:
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise ModelError(
            f"model {offered.name!r} of {offered.value} does not load: {said}"
        ) from error
    lacking = [part for part in ("encode", "tokenizer", "info") if not hasattr(made, part)]
    if lacking:
        raise ModelError(
            f"model {offered.name!r} of {offered.value} is no Denoiser: no {lacking[0]}"
        )
    return made


def names() -> tuple[str, ...]:
    """Every model that can be named, those of other packages last."""
    others = sorted(point.name for point in _entry_points())
    return (*catalogue().models, *others)


def locate(name: str) -> tuple[Path, Family]:
    """The folder and the family of a model that is not embedded.

    Raises:
        ModelError: there is no such model or folder, or it was not fetched.
    """
    known = catalogue()
    prefix, _, rest = name.partition(":")
    if rest and prefix in known.families:
        return Path(rest).expanduser(), known.family(prefix)
    if Path(name).expanduser().is_dir():
        folder = Path(name).expanduser()
        return folder, guess(folder)
    return _fetched(known.model(name))


def _fetched(entry: CatalogueEntry) -> tuple[Path, Family]:
    folder = store.folder_of(entry)
    if not store.is_here(entry):
        raise ModelError(
            f"model {entry.id!r} is not on this machine ({folder}); fetch it with "
            f"'instant-edit models pull {entry.id}'"
        )
    return folder, entry.family


def guess(folder: Path) -> Family:
    """The family that a folder's configuration can only be of.

    Raises:
        ModelError: it says of none, or of several; their names are given.
    """
    from instant_edit.models.families.checkpoint import Checkpoint

    kind = str(Checkpoint(folder).config.get("model_type", "")).lower()
    found = [family for family in catalogue().families.values() if kind in family.types]
    if len(found) == 1:
        return found[0]
    which = [family.id for family in found or catalogue().families.values()]
    raise ModelError(
        f"{folder}: model_type {kind!r} does not tell the family; name it as FAMILY:{folder}, "
        f"with one of {', '.join(which)}"
    )
