"""A repository split in time: what is learned from, and the newest commits, which are held out."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from instant_edit import languages
from instant_edit.apply.denied import denied
from instant_edit.errors import InputError, LanguageError
from instant_edit.training import git
from instant_edit.training.filtering import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

FEWEST_COMMITS = 5
SHARE = 5  # one commit in so many is held out, unless the user says how many
MOST_HELD_OUT = 50
DATA = {"json", "jsonc"}  # languages of data rather than of code
OTHERS = {"node_modules", "site-packages", "third_party", "third-party", "vendor", "vendored"}


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository and where it is split.

    Args:
        path: its top folder, or the repository itself where it is bare.
        head: the commit that is checked out.
        split: the commit that is learned from, with all before it.
        held_out: how many commits of the main line lie after it; what they merged counts as
            theirs.
    """

    path: Path
    head: str
    split: str
    held_out: int

    @property
    def before(self) -> tuple[str, ...]:
        """The commits that are learned from, as ``git log`` takes them."""
        return (self.split,)

    @property
    def after(self) -> tuple[str, ...]:
        """The commits that are held out, as ``git log`` takes them."""
        return (f"{self.split}..{self.head}",)

    @classmethod
    def split_at(cls, path: Path, held_out: int | None = None) -> Repository:
        """Split a repository.

        Args:
            path: any folder of it.
            held_out: how many of its newest commits are held out; None for one in five.

        Raises:
            InputError: it is no git repository, has too few commits, or its history is cut off.
        """
        top = _top(path)
        if _line(top, "rev-parse", "--is-shallow-repository") == "true":
            raise InputError(
                f"{top} is a shallow clone: commits that it lacks could be held out or learned "
                "from; run 'git fetch --unshallow' there first"
            )
        commits = _main_line(top)
        wished = held_out or min(MOST_HELD_OUT, max(1, len(commits) // SHARE))
        needed = held_out + 1 if held_out else FEWEST_COMMITS
        if len(commits) < needed:
            more = "" if held_out else "; --held-out 1 makes do with 2"
            raise InputError(
                f"{top} has {len(commits)} commits on its main line, and {needed} are needed to "
                f"hold some out{more}"
            )
        return cls(top, commits[0], commits[wished], wished)

    def sources(self, most_bytes: int) -> list[tuple[str, bytes]]:
        """Source files as they were at the split, with their paths.

        Where they have more bytes than that, some of them, which ones being left to chance that is
        the same each time: they come in the order of their hashes.

        Raises:
            InputError: the repository lacks one of them.
        """
        chosen: dict[str, str] = {}
        for blob, size, path in sorted(self._listed()):
            if size <= MOST_BYTES and is_source(path) and size <= most_bytes:
                chosen.setdefault(blob, path)
                most_bytes -= size
        asked = "".join(f"{blob}\n" for blob in chosen).encode()
        stream = io.BytesIO(git.answer(self.path, "cat-file", "--batch", said=asked))
        found = []
        for path in chosen.values():
            head = stream.readline().split()
            if not head or head[-1] == b"missing":
                raise self._lacks(path)
            found.append((path, stream.read(int(head[-1]))))
            stream.read(1)  # the newline behind each file
        return found

    def _listed(self) -> Iterator[tuple[str, int, str]]:
        """Hash, bytes and path of each file at the split; links and submodules are none."""
        listed = git.answer(self.path, "ls-tree", "-r", "-z", "-l", "--full-tree", self.split)
        for entry in listed.split(b"\0")[:-1]:
            about, _, name = entry.partition(b"\t")
            mode, _, blob, size = about.decode().split()
            if mode.startswith("100"):
                path = name.decode(errors="replace")
                if not size.isdecimal():
                    raise self._lacks(path)
                yield blob, int(size), path

    def _lacks(self, path: str) -> InputError:
        return InputError(
            f"{self.path} lacks what {path} held at {self.split[:12]}; if it is a partial clone, "
            "clone it again without --filter: nothing is fetched here"
        )


def is_source(path: str) -> bool:
    """Whether a tracked file is code of the repository's own, by its path."""
    where = PurePosixPath(path)
    if OTHERS.intersection(where.parts) or denied(Path(where.name)) is not None:
        return False
    try:
        return languages.for_path(where).id not in DATA
    except LanguageError:
        return False


def patterns() -> tuple[str, ...]:
    """Of the names of source files, as ``git log`` takes them."""
    known = [one for one in languages.all_languages() if one.id not in DATA]
    return tuple(pattern for language in known for pattern in language.patterns)


def _top(path: Path) -> Path:
    if not path.is_dir():
        raise InputError(f"{path} is no folder; --repo takes the folder of a git repository")
    if _line(path, "rev-parse", "--is-bare-repository") == "true":
        return path
    return Path(_line(path, "rev-parse", "--show-toplevel"))


def _main_line(top: Path) -> list[str]:
    """The commits from the newest back, of merges the first parents only."""
    try:
        listed = git.answer(top, "rev-list", "--first-parent", "HEAD", "--")
    except InputError as error:
        raise InputError(f"{top} has no commit yet ({error})") from None
    return listed.decode().split()


def _line(folder: Path, *arguments: str) -> str:
    return git.answer(folder, *arguments).decode().strip()
