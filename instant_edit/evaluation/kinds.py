"""Kinds of edits on real files: make an edit undone, have the model do it, check the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from instant_edit import languages
from instant_edit.edit_kinds.checking import normal_form
from instant_edit.edit_kinds.view import View
from instant_edit.request import EditRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from instant_edit.edit_kinds.kind import EditKind, Rewrite
    from instant_edit.engine import Editor
    from instant_edit.languages import Language

MOST_CHARACTERS = 40_000  # of a file
MOST_TOKENS = 60  # of the text before, and after
EACH = 2  # edits of a kind from one file


@dataclass(frozen=True, slots=True)
class Example:
    """One edit to be done: the whole texts before and after, and what leads to the second."""

    kind: EditKind
    name: str
    language: Language
    text: str
    rewrite: Rewrite

    @property
    def before(self) -> str:
        """The text that the model gets."""
        return self.rewrite.before(self.text)

    @property
    def after(self) -> str:
        """A right outcome."""
        return self.rewrite.after(self.text)

    @property
    def instruction(self) -> str:
        """What the model is asked."""
        return self.rewrite.instruction or self.kind.asked(self.rewrite.old)

    def right(self, produced: str) -> bool:
        """Whether a text is a right outcome, by the kind's checker."""
        return self.kind.right(self.before, self.after, produced, self.language)


@dataclass(frozen=True, slots=True)
class KindResult:
    """What became of an example: whether there was an edit, whether it parses, and is right."""

    passed: bool
    edited: bool
    parses: bool
    written: str
    findings: tuple[str, ...] = ()


def examples(
    kinds: Sequence[EditKind],
    files: Sequence[Path],
    limit: int,
    seed: int,
    count: Callable[[str], int],
) -> list[Example]:
    """At most ``limit`` edits of each kind, from files in an order that the seed decides.

    ``count`` tells how many tokens a text has. What is drawn of a kind does not depend on the
    other kinds.
    """
    found: dict[str, list[Example]] = {kind.id: [] for kind in kinds}
    for path in Random(seed).sample(files, len(files)):
        wanted = [kind for kind in kinds if len(found[kind.id]) < limit]
        if not wanted:
            break
        for example in _of_file(wanted, path, seed, count):
            found[example.kind.id].append(example)
    return [example for own in found.values() for example in own[:limit]]


def run(editor: Editor, example: Example, *, seed: int = 0, candidates: int = 1) -> KindResult:
    """Have one edit done and judge it. A place without an edit has not passed."""
    request = EditRequest(
        source=example.before,
        spans=(example.rewrite.place,),
        language=example.language.id,
        instruction=example.instruction,
        mode=example.kind.mode,
        seed=seed,
        candidates=candidates,
    )
    result = editor.edit(request)
    edited = result.verdict.ok and len(result.edits) == 1
    passed = edited and example.right(result.source)
    return KindResult(
        passed=passed,
        edited=edited,
        parses=edited and normal_form(result.source, example.language) is not None,
        written=result.edits[0].text if edited else "",
        findings=tuple(f"{one.kind}: {one.message}" for one in result.verdict.findings),
    )


def _of_file(
    kinds: Sequence[EditKind], path: Path, seed: int, count: Callable[[str], int]
) -> Iterator[Example]:
    """A few edits of each kind from one file, which is read and parsed once."""
    language = languages.for_path(path.name)
    if path.stat().st_size > MOST_CHARACTERS:
        return
    text = path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
    view = View.of(text, language)
    for kind in kinds:
        if language.id in kind.languages:
            found = kind.rewrites(view, Random(f"{kind.id} {path.name} {seed}"))
            made = (Example(kind, path.name, language, text, rewrite) for rewrite in found)
            yield from islice((one for one in made if _usable(one, count)), EACH)


def _usable(example: Example, count: Callable[[str], int]) -> bool:
    """Whether it is short, and its own outcome is right and doing nothing is not."""
    sizes = (count(text) for text in (example.rewrite.old, example.rewrite.new))
    if max(sizes) > MOST_TOKENS or example.before == example.after:
        return False
    return example.right(example.after) and not example.right(example.before)
