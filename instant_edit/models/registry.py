"""From a name to a model: what ships, what was fetched, what lies in a folder, what others add.

A name is one of

* ``embedded``, or the path of a ``.gguf`` file of the embedded network;
* a model of the catalogue, by its id or its repository, once it has been fetched;
* the path of a folder with safetensors, as ``FAMILY:PATH`` where its configuration leaves open
  which family it is of;
* what an installed package offers under the entry point ``instant_edit.models``: a callable that
  takes no argument and gives a ``Denoiser``.

Of those in folders, ``@int8`` or ``@int4`` behind the name has their weights kept smaller, and
``@reuse`` has those that fill in place reuse an approximate context (``naming.py``).

Nothing here imports torch.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from instant_edit.errors import ModelError
from instant_edit.models import offered, store
from instant_edit.models.catalogue import CatalogueEntry, Family, catalogue
from instant_edit.models.manifest import require_unchanged
from instant_edit.models.naming import Named, parse

if TYPE_CHECKING:
    from instant_edit.models.protocol import Denoiser

EMBEDDED = "embedded"


def load(name: str) -> Denoiser:
    """The model of that name.

    Raises:
        ModelError: no such model, it was not fetched yet, or its files are missing or corrupt.
    """
    if is_embedded(name):
        return _embedded(name)
    point = offered.point_of(name)
    if point is not None:
        return offered.made(point)
    named = parse(name)
    folder, family = _usable(named)
    require_unchanged(folder)
    from instant_edit.models.families.opening import open_family
    from instant_edit.models.families.reuse import Reuse

    reuse = None if named.reuse is None else Reuse(bound=named.reuse)
    return open_family(folder, family, name, precision=named.precision, reuse=reuse)


def require_usable(name: str) -> None:
    """See that a model can be named, without loading it.

    Raises:
        ModelError: there is no such model, it was not fetched yet, or cannot do what stands behind
            its name.
    """
    if name.endswith(".gguf") and not Path(name).expanduser().is_file():
        raise ModelError(f"weights file {name} is missing")
    if not is_embedded(name) and offered.point_of(name) is None:
        _usable(parse(name))


def is_embedded(name: str) -> bool:
    """Whether a name is of the embedded network, as shipped or in a file."""
    return name == EMBEDDED or name.endswith(".gguf")


def _usable(named: Named) -> tuple[Path, Family]:
    """Where a model lies and what it is; it can do what stands behind its name."""
    if not named.plain and (is_embedded(named.base) or offered.point_of(named.base) is not None):
        raise ModelError(f"model {named.base!r} takes neither @int8, @int4 nor @reuse")
    folder, family = locate(named.base)
    if named.reuse is not None and family.kind != "canvas":
        raise ModelError(
            f"model {named.base!r} takes no @reuse: {family.title} does not fill in place, and its "
            "context is cached exactly where it can be"
        )
    return folder, family


def _embedded(name: str) -> Denoiser:
    from instant_edit.models.embedded import EmbeddedDenoiser

    if name == EMBEDDED:
        return EmbeddedDenoiser.load()
    return EmbeddedDenoiser.load(Path(name).expanduser())


def names() -> tuple[str, ...]:
    """Every model that can be named, those of other packages last."""
    others = sorted(point.name for point in offered.points())
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
