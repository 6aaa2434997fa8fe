"""Real edits from git histories: small changes of one place whose commit says what they do.

For the weights that ship, nothing of a history from 2025 or later is read, so that what later
became an evaluation cannot leak. What is kept is written as JSON lines, each with its repository
and commit, to a folder that is never committed.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from instant_edit import languages
from instant_edit.edit_kinds.checking import normal_form, python_tree
from instant_edit.errors import InputError, LanguageError
from instant_edit.languages import Language
from instant_edit.training import git
from instant_edit.training.filtering import shingles

UNTIL = "2025-01-01T00:00:00Z"
UNTIL_SECONDS = 1_735_689_600
PATTERNS = ("*.py", "*.js", "*.mjs", "*.ts", "*.tsx")
MOST_LINES = 12
MOST_CHARACTERS = 200_000  # of a file
STEM = 4  # letters
PREFIX, SUFFIX = 4000, 2000  # characters that are kept around an edit
DULL = re.compile(
    r"\b(bump|typos?|lint\w*|revert\w*|merge\w*|wip|version|release\w*|changelog|black|flake8|isort"
    r"|pep-?8|whitespace|formatting|copyright|license)\b",
    re.I,
)
VERB = re.compile(
    r"(add|allow|avoid|catch|change|check|clean|close|convert|correct|default|delete|disable|do"
    r"|don't|drop|enable|ensure|escape|expose|extend|extract|fix|guard|handle|ignore|implement"
    r"|improve|include|inline|invert|limit|log|make|move|only|pass|prefer|preserve|prevent|raise"
    r"|read|refactor|remove|rename|replace|require|reset|restore|return|set|show|simplify|skip"
    r"|sort|stop|store|strip|support|swap|switch|treat|turn|unify|update|use|validate|wrap|write)",
    re.I,
)
_PLAIN = (  # whatever the user's own settings of git say
    "--no-merges", "-p", "--unified=0", "--inter-hunk-context=0", "--no-color", "--no-renames",
    "--diff-filter=M", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/",
    "--no-show-signature",
)  # fmt: skip
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_TRAILER = re.compile(r"\s*\((?:#|gh-|bpo-)\d+\)|^\s*(?:\[[^\]]*\]|[\w./-]+:)\s*|\.\s*$")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_WORD = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class HistoryEdit:
    """One edit that people made: what stood there, what was wanted, what stands there now."""

    repository: str
    commit: str
    path: str
    language: str
    instruction: str
    prefix: str
    old: str
    new: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """One changed place: lines of the old file, from 1, and of the new one."""

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int


@dataclass(frozen=True, slots=True)
class FileChange:
    """The hunks of one file in one commit."""

    commit: str
    subject: str
    path: str
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a history is read.

    Args:
        revisions: as ``git log`` takes them, such as ``("v1..v2",)``.
        patterns: of the files that are looked at.
        before_2025: whether to pass over what was authored or committed later.
        most: commits at most, the newest of them.
    """

    revisions: tuple[str, ...] = ("HEAD",)
    patterns: tuple[str, ...] = PATTERNS
    before_2025: bool = True
    most: int | None = None


def edits(
    repository: Path, skipped: Counter[str] | None = None, part: Part | None = None
) -> Iterator[HistoryEdit]:
    """The edits of one repository, newest first; ``skipped`` is told why others are left out.

    Raises:
        InputError: it is no git repository.
    """
    skipped = skipped if skipped is not None else Counter()
    seen: set[tuple[str, str]] = set()
    for change in changes(repository, part):
        reason, found = _edit(repository, change)
        if found is None:
            skipped[reason] += 1
        elif (found.old, found.new) in seen:
            skipped["seen before"] += 1
        else:
            seen.add((found.old, found.new))
            yield found


def write(
    repositories: Iterable[Path], out: Path, leaks: frozenset[int] = frozenset()
) -> Counter[str]:
    """Write the edits of some repositories as JSON lines; how many, and why others are not.

    An edit that shares a shingle with the evaluation sets (``leaks``) is left out.
    """
    counts: Counter[str] = Counter()
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8") as handle:
        for repository in repositories:
            for edit in edits(repository, counts):
                if not leaks.isdisjoint(shingles(edit.prefix + edit.new + edit.suffix)):
                    counts["leaked"] += 1
                    continue
                handle.write(json.dumps(asdict(edit)) + "\n")
                counts["edits"] += 1
    return counts


def instruction_of(subject: str) -> str | None:
    """A commit's subject as an instruction, or None where it is none."""
    text = subject.strip()
    while (shorter := _TRAILER.sub("", text)) != text:
        text = shorter
    words = text.split()
    if not 3 <= len(words) <= 15 or DULL.search(text) or not VERB.fullmatch(words[0]):
        return None
    return text[0].lower() + text[1:]


def changes(repository: Path, part: Part | None = None) -> Iterator[FileChange]:
    """Every changed source file of every commit of a part, merges left out."""
    part = part or Part()
    limits = [f"--until={UNTIL}"] if part.before_2025 else []
    limits += [f"--max-count={part.most}"] if part.most is not None else []
    log = git.answer(
        repository, "log", *limits, *_PLAIN, "--format=%x00%H %at %s", *part.revisions, "--",
        *part.patterns,
    ).decode(errors="replace")  # fmt: skip
    for entry in log.split("\0")[1:]:
        head, _, body = entry.partition("\n")
        commit, authored, subject = head.split(" ", 2)
        if part.before_2025 and int(authored) >= UNTIL_SECONDS:
            continue
        for piece in re.split(r"^diff --git ", body, flags=re.M)[1:]:
            path = re.search(r"^\+\+\+ b/(.*)$", piece, re.M)
            if path:
                yield FileChange(commit, subject, path[1].rstrip("\t"), tuple(_hunks(piece)))


def text_at(repository: Path, commit: str, path: str) -> str:
    """A file as it was at a commit.

    Raises:
        InputError: it was not there.
        UnicodeDecodeError: it is no UTF-8.
    """
    return git.answer(repository, "show", "--no-textconv", f"{commit}:{path}").decode()


def _hunks(part: str) -> Iterator[Hunk]:
    for line in part.split("\n"):
        match = _HUNK.match(line)
        if match:
            yield Hunk(int(match[1]), int(match[2] or 1), int(match[3]), int(match[4] or 1))


def _edit(repository: Path, change: FileChange) -> tuple[str, HistoryEdit | None]:
    """The edit of a change, or why there is none."""
    instruction = instruction_of(change.subject)
    if instruction is None:
        return "no instruction", None
    if len(change.hunks) != 1:
        return "several places", None
    hunk = change.hunks[0]
    if max(hunk.old_lines, hunk.new_lines) > MOST_LINES:
        return "too long", None
    try:
        language = languages.for_path(Path(change.path).name)
        before = text_at(repository, f"{change.commit}^", change.path)
        after = text_at(repository, change.commit, change.path)
    except (LanguageError, InputError, UnicodeDecodeError):
        return "unreadable", None
    if max(len(before), len(after)) > MOST_CHARACTERS or not (before + after).isascii():
        return "unreadable", None
    meanings = [_meaning(text, language) for text in (before, after)]
    if None in meanings or meanings[0] == meanings[1]:
        return "no change of meaning", None
    found = _cut(before.split("\n"), after.split("\n"), hunk)
    if not _shared(instruction, found["old"] + found["new"]):
        return "instruction and edit share no word", None
    where = {"repository": repository.name, "commit": change.commit, "path": change.path}
    return "", HistoryEdit(**where, language=language.id, instruction=instruction, **found)


def _cut(before: list[str], after: list[str], hunk: Hunk) -> dict[str, str]:
    """The texts of a hunk and around it; what is only put in or taken out is whole lines."""
    first = hunk.old_start - (1 if hunk.old_lines else 0)
    start = hunk.new_start - (1 if hunk.new_lines else 0)
    rest = before[first + hunk.old_lines :]
    old, new = before[first : first + hunk.old_lines], after[start : start + hunk.new_lines]
    whole = not old or not new
    ending = [""] if whole else []
    return {
        "prefix": "".join(f"{line}\n" for line in before[:first])[-PREFIX:],
        "old": "\n".join([*old, *ending] if old else []),
        "new": "\n".join([*new, *ending] if new else []),
        "suffix": "\n".join(rest if whole else ["", *rest])[:SUFFIX],
    }


def _meaning(text: str, language: Language) -> object | None:
    """What a text means, less the docstrings of a Python text; None where it does not parse."""
    if language.id != "python":
        return normal_form(text, language)
    tree = python_tree(text)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return None if tree is None else ast.dump(tree)


def _shared(instruction: str, text: str) -> bool:
    """Whether instruction and text have the stem of a word, or of a part of a name, in common."""
    split = re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower()
    stems = [{word[:STEM] for word in _WORD.findall(one)} for one in (instruction.lower(), split)]
    return not stems[0].isdisjoint(stems[1])
