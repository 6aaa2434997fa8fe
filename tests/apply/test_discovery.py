"""Which files are looked at, and which never are."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from instant_edit.apply.discovery import Search, inside, named, root_of
from instant_edit.errors import InputError


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    for name in ("a.py", "sub/b.go", "sub/deep/c.py", "notes.txt", "node_modules/n.js", ".h/h.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x\n")
    (root / ".git").mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.chdir(root)
    return root


def names(*given: str, **flags: object) -> list[str]:
    search = Search(**flags)  # type: ignore[arg-type]
    return [found.name for found in search.files([Path(one) for one in given])]


def test_a_directory_is_searched_for_the_languages_that_are_known(tree: Path) -> None:
    assert names(".") == ["a.py", "sub/b.go", "sub/deep/c.py"]
    assert names("sub") == ["sub/b.go", "sub/deep/c.py"]
    assert names(str(tree / "sub")) == ["sub/b.go", "sub/deep/c.py"]


def test_a_script_is_known_by_its_first_line(tree: Path) -> None:
    (tree / "run").write_text("#!/usr/bin/env python3\nx = 1\n")
    assert "run" in names(".")


def test_a_pipe_is_not_waited_for(tree: Path) -> None:
    os.mkfifo(tree / "pipe")
    assert "pipe" not in names(".")
    assert named(Path("pipe")).language is None


def test_files_come_once_in_a_fixed_order(tree: Path) -> None:
    assert names("sub", "sub/b.go", ".") == ["sub/b.go", "sub/deep/c.py", "a.py"]


@pytest.mark.parametrize("file", [".gitignore", ".ignore", ".instanteditignore"])
def test_ignore_files_are_honoured(tree: Path, file: str) -> None:
    (tree / file).write_text("deep/\n")
    (tree / "sub" / file).write_text("*.go\n")
    assert names(".") == ["a.py"]
    assert names(".", ignore=False) == ["a.py", "sub/b.go", "sub/deep/c.py"]


def test_the_nearer_rule_and_the_later_file_win(tree: Path) -> None:
    (tree / ".gitignore").write_text("*.py\n")
    (tree / "sub/deep/.gitignore").write_text("!c.py\n")
    (tree / ".instanteditignore").write_text("!a.py\n")
    assert names(".") == ["a.py", "sub/b.go", "sub/deep/c.py"]


def test_rules_above_the_directory_searched_hold(tree: Path) -> None:
    (tree / ".gitignore").write_text("/sub/deep\n")
    (tree / ".git/info").mkdir()
    (tree / ".git/info/exclude").write_text("b.go\n")
    assert names("sub") == []


def test_the_users_own_rules_hold_in_a_repository(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "config/git").mkdir(parents=True)
    (tmp_path / "config/git/ignore").write_text("/sub/deep\n*.py\n")
    (tree / ".gitignore").write_text("!a.py\n")
    assert names(".") == ["a.py", "sub/b.go"]
    assert names(".", ignore=False) == ["a.py", "sub/b.go", "sub/deep/c.py"]
    (tree / ".git").rmdir()
    (tree / "pyproject.toml").touch()
    assert names(".") == ["a.py", "sub/b.go", "sub/deep/c.py"]


def test_the_rules_of_a_repository_hold_in_the_projects_inside_it(tree: Path) -> None:
    (tree / ".gitignore").write_text("deep/\n")
    (tree / "sub/pyproject.toml").touch()
    assert names("sub") == ["sub/b.go"]


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@t"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("work_tree", ["first", "linked"])
def test_what_git_ignores_is_what_is_passed_over(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work_tree: str
) -> None:
    (tree / ".git").rmdir()
    git(tree, "init", "-q")
    git(tree, "commit", "-q", "--allow-empty", "-m", "x")
    (tmp_path / "mine").write_text("b.go\n/top.py\n*.mine.py\n")
    git(tree, "config", "--global", "core.excludesFile", str(tmp_path / "mine"))
    (tree / ".git/info/exclude").write_text("/sub/deep\n!sub/keep.mine.py\n")
    here = tree
    if work_tree == "linked":
        here = tmp_path / "linked"
        git(tree, "worktree", "add", "-q", str(here))
    listed = ("a.py", "top.py", "sub/top.py", "sub/b.go", "sub/deep/c.py", "x/y/z.py", "x/w.py")
    for name in (*listed, "x.mine.py", "sub/keep.mine.py", "x/y/keep.mine.py"):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).touch()
    (here / "x/.gitignore").write_text("/y/*\n!/y/keep*\n")
    monkeypatch.chdir(here)
    known = git(here, "ls-files", "--others", "--cached", "--exclude-standard").splitlines()
    assert names(".") == sorted(
        name for name in known if name.endswith((".py", ".go")) and not name.startswith(".h/")
    )
    assert "sub/keep.mine.py" in names(".")


def test_a_file_that_is_named_is_taken_though_it_is_ignored(tree: Path) -> None:
    (tree / ".gitignore").write_text("a.py\n")
    assert names("a.py") == ["a.py"]


def test_a_directory_that_is_named_is_searched_though_it_is_ignored(tree: Path) -> None:
    (tree / ".gitignore").write_text("/sub\n")
    assert names(".") == ["a.py"]
    assert names("sub/deep") == ["sub/deep/c.py"]


@pytest.mark.parametrize(
    ("globs", "expected"),
    [
        (("*.py",), ["a.py", "sub/deep/c.py"]),
        (("!*.go",), ["a.py", "sub/deep/c.py"]),
        (("*.py", "!sub/**"), ["a.py"]),
        (("sub/**", "!*.py", "sub/deep/c.py"), ["sub/b.go", "sub/deep/c.py"]),
    ],
)
def test_globs_narrow_the_search(tree: Path, globs: tuple[str, ...], expected: list[str]) -> None:
    assert names(".", globs=globs) == expected


def test_a_pattern_in_place_of_a_file_is_expanded(tree: Path) -> None:
    assert names("sub/**/*.py") == ["sub/deep/c.py"]
    with pytest.raises(InputError, match="matches no file"):
        names("*.zig")


def test_one_language_can_be_asked_for(tree: Path) -> None:
    assert names(".", language="go") == ["sub/b.go"]


def test_a_virtual_environment_is_passed_over(tree: Path) -> None:
    (tree / "env").mkdir()
    (tree / "env/pyvenv.cfg").touch()
    (tree / "env/e.py").touch()
    assert "env/e.py" not in names(".")


def test_secrets_and_lock_files_are_passed_over_with_a_word(tree: Path) -> None:
    for name in ("package-lock.json", "credentials.json", "mine.json"):
        (tree / name).write_text("{}\n")
    search = Search(deny=["mine.*"])
    assert "json" not in " ".join(found.name for found in search.files([Path()]))
    assert search.notes == ["3 passed over: on the deny-list (secrets, lock files)"]


@pytest.mark.parametrize("name", [".env", "id_rsa", "server.PEM", "package-lock.json", "x.lock"])
def test_a_secret_that_is_named_is_refused(tree: Path, name: str) -> None:
    (tree / name).write_text("x\n")
    with pytest.raises(InputError, match="deny-list"):
        named(Path(name))
    (tree / "link.py").symlink_to(name)
    with pytest.raises(InputError, match="deny-list"):
        named(Path("link.py"))


def test_links_inside_the_project_are_followed(tree: Path) -> None:
    (tree / "other").symlink_to("sub/deep")
    (tree / "l.py").symlink_to("a.py")
    assert names("other", "l.py") == ["other/c.py", "l.py"]
    assert names(".") == ["a.py", "other/c.py", "sub/b.go"]


def test_links_that_lead_out_are_not(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "out.py").write_text("x\n")
    (tree / "l.py").symlink_to(tmp_path / "out.py")
    (tree / "outer").symlink_to(tmp_path)
    search = Search()
    assert "l.py" not in [found.name for found in search.files([Path()])]
    assert search.notes == ["2 passed over: a link that leads out of the project, or in a circle"]
    with pytest.raises(InputError, match=r"l\.py is a link that leads out of"):
        names("l.py")


def test_a_circle_of_links_ends(tree: Path) -> None:
    (tree / "sub/again").symlink_to(tree / "sub")
    assert names("sub") == ["sub/b.go", "sub/deep/c.py"]


@pytest.mark.parametrize("path", ["../out.py", "sub/../../out.py", "/etc/out.py"])
def test_a_list_of_edits_may_not_leave_the_project(tree: Path, path: str) -> None:
    with pytest.raises(InputError, match="lies outside"):
        inside(path, tree)


def test_the_root_is_the_nearest_project_above(tree: Path, tmp_path: Path) -> None:
    assert root_of(Path("sub/deep")) == tree
    (tree / "sub/pyproject.toml").touch()
    assert root_of(Path("sub/deep")) == tree / "sub"
    (tmp_path / "alone").mkdir()
    assert root_of(tmp_path / "alone") == tmp_path / "alone"
