"""How a repository is split in time, what is read of it, and what is said where it cannot be."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from instant_edit.errors import InputError
from instant_edit.tuning.repository import Repository
from tests.scratch import Scratch

START = "def total(items):\n    return sum(items)\n"


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """Six commits; the last five change a number."""
    made = Scratch(tmp_path / "scratch", START)
    for number in range(5):
        made.commit(f"Set the number to {number}", f"{START}number = {number}\n")
    return made


def subject(scratch: Scratch, commit: str) -> str:
    return scratch.git("log", "-1", "--format=%s", commit).strip()


def read(repository: Repository) -> dict[str, bytes]:
    return dict(repository.sources(10_000))


def test_one_commit_in_five_is_held_out_or_as_many_as_are_asked_for(scratch: Scratch) -> None:
    found = Repository.split_at(scratch.folder)
    assert (found.held_out, subject(scratch, found.split)) == (1, "Set the number to 3")
    found = Repository.split_at(scratch.folder, 4)
    assert subject(scratch, found.split) == "Set the number to 0"
    assert read(found) == {"shop.py": f"{START}number = 0\n".encode()}


def test_a_folder_inside_stands_for_its_repository(scratch: Scratch) -> None:
    scratch.write("inside/a.py", "a = 1\n")
    assert Repository.split_at(scratch.folder / "inside").path == scratch.folder


def test_only_what_is_committed_is_read(scratch: Scratch) -> None:
    scratch.write("shop.py", "secret = 1\n")
    scratch.write("new.py", "secret = 2\n")
    scratch.git("add", "new.py")
    assert list(read(Repository.split_at(scratch.folder))) == ["shop.py"]


def test_what_is_merged_later_is_held_out_with_its_merge(scratch: Scratch) -> None:
    scratch.git("switch", "-qc", "side", "HEAD~4")
    scratch.write("side.py", "side = 1\n")
    scratch.git("add", "-A")
    scratch.git("commit", "-qm", "Add the side", day="2020-01-01")
    scratch.git("switch", "-q", "main")
    scratch.git("merge", "-q", "--no-ff", "-m", "Merge the side", "side")
    found = Repository.split_at(scratch.folder, 1)
    assert "side.py" not in read(found)
    held = scratch.git("log", "--format=%s", *found.after).splitlines()
    assert held == ["Merge the side", "Add the side"]
    assert "Add the side" not in scratch.git("log", "--format=%s", *found.before)


def test_secrets_data_links_and_what_others_wrote_are_not_read(scratch: Scratch) -> None:
    for path in ("id_rsa.py", "node_modules/a.js", "pkg/vendor/b.py", "c.json", "notes.txt"):
        scratch.write(path, "a = 1\n")
    scratch.write("größe.py", "b = 1\n")
    (scratch.folder / "link.py").symlink_to("shop.py")
    scratch.commit("Add files", START)
    scratch.commit("Change nothing but the shop", START + "# end\n")
    found = read(Repository.split_at(scratch.folder, 1))
    assert found == {"shop.py": START.encode(), "größe.py": b"b = 1\n"}


def test_of_a_large_repository_some_files_are_read_the_same_each_time(scratch: Scratch) -> None:
    for number in range(9):
        scratch.write(f"f{number}.py", f"x = {number}\n" * 20)
    scratch.commit("Add files", START)
    repository = Repository.split_at(scratch.folder, 1)
    scratch.commit("Go on", START + "# end\n")
    repository = Repository.split_at(scratch.folder, 1)
    some = repository.sources(500)
    assert 0 < sum(len(data) for _, data in some) <= 500
    assert some == repository.sources(500)


def test_the_environment_names_no_other_repository(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Scratch(tmp_path / "other", START)
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    assert Repository.split_at(scratch.folder).path == scratch.folder


def test_a_bare_repository_will_do(scratch: Scratch, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    scratch.git("clone", "-q", "--bare", str(scratch.folder), str(bare))
    found = Repository.split_at(bare)
    assert found.path == bare
    assert read(found)


@pytest.mark.parametrize(
    ("commits", "held_out", "message"),
    [
        (3, None, "has 4 commits on its main line, and 5 are needed .*--held-out 1 makes do"),
        (3, 4, "has 4 commits on its main line, and 5 are needed to hold some out$"),
    ],
)
def test_too_few_commits_are_counted(
    tmp_path: Path, commits: int, held_out: int | None, message: str
) -> None:
    scratch = Scratch(tmp_path / "scratch", START)
    for number in range(commits):
        scratch.commit(f"Set {number}", f"{START}number = {number}\n")
    with pytest.raises(InputError, match=message):
        Repository.split_at(scratch.folder, held_out)


def test_what_is_no_repository_or_has_no_commit_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing is no folder; --repo takes"):
        Repository.split_at(tmp_path / "missing")
    with pytest.raises(InputError, match=r"not a git repository"):
        Repository.split_at(tmp_path)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    with pytest.raises(InputError, match="has no commit yet"):
        Repository.split_at(tmp_path)


def test_what_a_partial_clone_lacks_is_named_and_not_fetched(scratch: Scratch) -> None:
    repository = Repository.split_at(scratch.folder, 1)
    blob = scratch.git("rev-parse", f"{repository.split}:shop.py").strip()
    (scratch.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(InputError, match=r"lacks what shop\.py held at .*without --filter"):
        repository.sources(10_000)


def test_a_shallow_clone_is_refused_with_what_to_do(scratch: Scratch, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    scratch.git("clone", "-q", "--depth", "3", scratch.folder.as_uri(), str(shallow))
    with pytest.raises(InputError, match=r"is a shallow clone: .*fetch --unshallow"):
        Repository.split_at(shallow)


def test_without_git_it_is_named(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match="git cannot be run"):
        Repository.split_at(scratch.folder)
