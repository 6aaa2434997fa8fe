"""What other repositories run, from the installation on: the action, the GitLab job, pre-commit.

Each installs a checkout of this repository as it says, and then edits with the real weights. Only
what would be fetched meanwhile is taken from the environment of the tests: the dependencies, and
the backend that builds the package.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.shell import bash

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = ROOT / "instant_edit/models/weights/embedded.gguf"
MARKED = "def area(width, height):\n    # instant-edit: return the area\n    return 0\n"
IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@t")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository as a repository of its own, without the weights, which are large."""
    folder = tmp_path_factory.mktemp("checkout") / "instant-edit"
    left_out = shutil.ignore_patterns("__pycache__", "*.gguf")
    shutil.copytree(ROOT / "instant_edit", folder / "instant_edit", ignore=left_out)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "action.yml"):
        shutil.copy(ROOT / name, folder)
    commit(folder)
    return folder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that uses this one; what it installs need not be fetched."""
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "src/area.py").write_text(MARKED)
    (folder / "src/notes.md").write_text("<!-- instant-edit: this is no source text -->\n")
    commit(folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", sysconfig.get_path("purelib"))
    monkeypatch.setenv("PIP_NO_DEPS", "1")
    monkeypatch.setenv("PIP_NO_BUILD_ISOLATION", "0")  # which is how pip spells "do not isolate"
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    monkeypatch.setenv("INSTANT_EDIT_MODEL", str(WEIGHTS))
    return folder


def commit(folder: Path) -> str:
    """Make a folder a repository with one commit; return the commit's name."""
    for command in (["init", "-q"], ["add", "."], [*IDENTITY, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return revision(folder)


def revision(folder: Path) -> str:
    command = ["git", "rev-parse", "HEAD"]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def virtual_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty environment, the first on PATH, as a fresh machine has one."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def said(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout + done.stderr


def test_the_action_installs_itself_and_edits(
    project: Path, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    virtual_environment(tmp_path / "fresh", monkeypatch)
    install, edit = [one for one in load(checkout / "action.yml")["runs"]["steps"] if "run" in one]
    done = bash(install["run"], ACTION_PATH=str(checkout))
    assert done.returncode == 0, said(done)
    assert (tmp_path / "fresh/bin/instant-edit").exists()
    done = bash(edit["run"], ARGS="src --marker", CHECK="true", REPORT="report.json")
    assert done.returncode == 1, said(done)
    assert "::" in done.stdout
    assert "file=src/area.py,line=3" in done.stdout
    replayed = bash("instant-edit replay report.json")
    assert replayed.returncode == 0, said(replayed)
    assert (project / "src/area.py").read_text() == MARKED


def test_the_gitlab_job_installs_what_it_names_and_edits(
    project: Path, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    virtual_environment(tmp_path / "fresh", monkeypatch)
    (job,) = load(ROOT / "docs/ci/gitlab-ci.yml").values()
    done = bash("\n".join(job["before_script"]), INSTANT_EDIT=str(checkout))
    assert done.returncode == 0, said(done)
    done = bash("\n".join(job["script"]))
    assert done.returncode == 1, said(done)
    assert all((project / path).exists() for path in job["artifacts"]["paths"])


def test_pre_commit_runs_the_hooks(project: Path, checkout: Path) -> None:
    def pre_commit(hook: str) -> subprocess.CompletedProcess[str]:
        config = {"repo": str(checkout), "rev": revision(checkout).strip(), "hooks": [{"id": hook}]}
        Path(".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [config]}))
        subprocess.run(["git", "add", "."], check=True)
        command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color=never"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = pre_commit("instant-edit")
    assert done.returncode == 1, said(done)
    assert "exit code: 1" in done.stdout
    assert "src/area.py" in done.stdout
    assert "notes.md" not in done.stdout
    assert (project / "src/area.py").read_text() == MARKED
    written = said(pre_commit("instant-edit-write"))
    edited = (project / "src/area.py").read_text() != MARKED
    assert ("files were modified by this hook" if edited else "no edit") in written, written
    (project / "src/area.py").write_text("def area(width, height):\n    return 0\n")
    done = pre_commit("instant-edit")
    assert done.returncode == 0, said(done)
    assert "Passed" in done.stdout
