"""What the repository offers to CI systems, run as they would run it, with a scripted model."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from instant_edit.languages import all_languages
from tests.shell import bash

ROOT = Path(__file__).resolve().parents[1]
MARKED = "# instant-edit: return two\ndef f():\n    return 1\n\n\nx = 0\n"


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one marker, and a PATH on which instant-edit has a scripted model."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/instant-edit"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.apply.scripted_cli "$@"\n')
    program.chmod(0o755)
    (tmp_path / "bin/python").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "src/a b.py").write_text(MARKED)
    (folder / "pyproject.toml").touch()
    monkeypatch.chdir(folder)
    return folder


def action(**inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the last step of the action with these inputs, and the defaults of the others."""
    document = load("action.yml")
    values = {name: one.get("default", "") for name, one in document["inputs"].items()} | inputs
    step = document["runs"]["steps"][-1]
    environment = {}
    for name, expression in step["env"].items():
        key = expression.removeprefix("${{ inputs.").removesuffix(" }}")
        environment[name] = values[key]
    return bash(step["run"], **environment)


def test_the_action_annotates_and_fails_and_leaves_a_report(project: Path) -> None:
    done = action(args="src/*.py --marker")
    assert done.returncode == 1, done.stderr
    assert "::notice file=src/a b.py,line=2,endLine=3," in done.stdout
    assert json.loads((project / "instant-edit.json").read_text())["summary"]["changed"] == 1
    assert (project / "src/a b.py").read_text() == MARKED


def test_the_action_can_only_show(project: Path) -> None:
    assert action(args="src --marker", check="false").returncode == 0


def test_the_action_runs_nothing_that_its_arguments_say(project: Path) -> None:
    done = action(args="'src/a b.py' --marker -m '$(touch pwned) `touch pwned`; touch pwned'")
    assert done.returncode == 1, done.stderr
    assert not (project / "pwned").exists()
    assert action(args="--no-such-flag").returncode == 2


def test_the_action_says_what_it_needs() -> None:
    document = load("action.yml")
    assert document["runs"]["using"] == "composite"
    assert all("shell" in step for step in document["runs"]["steps"] if "run" in step)
    run_scripts = [step["run"] for step in document["runs"]["steps"] if "run" in step]
    assert not any("${{" in script for script in run_scripts), "inputs go through env"


@pytest.mark.parametrize(("hook", "code"), [("instant-edit", 1), ("instant-edit-write", 0)])
def test_the_hooks_run_on_the_files_that_are_committed(project: Path, hook: str, code: int) -> None:
    (entry,) = [one["entry"] for one in load(".pre-commit-hooks.yaml") if one["id"] == hook]
    done = bash(f"{entry} {shlex.quote('src/a b.py')}")
    assert done.returncode == code, done.stderr
    after = MARKED.replace("# instant-edit: return two\n", "").replace("return 1", "return 2")
    assert (project / "src/a b.py").read_text() == (after if code == 0 else MARKED)


def test_the_hooks_are_asked_about_every_language() -> None:
    tags = {"bash": "shell", "cpp": "c++", "typescript": "ts", "jsonc": "json"}
    for hook in load(".pre-commit-hooks.yaml"):
        assert {"id", "name", "entry", "language", "types_or"} <= hook.keys()
        for language in all_languages():
            assert tags.get(language.id, language.id) in hook["types_or"]


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", "docs/ci/github-workflow.yml"),
        ("vendor.gitlab-ci", "docs/ci/gitlab-ci.yml"),
    ],
)
def test_the_services_know_every_key(schema: str, name: str) -> None:
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        schema,
        str(ROOT / name),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pre_commit_knows_every_key_of_the_hooks() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_gitlab_job_does_what_it_says(project: Path) -> None:
    (job,) = load("docs/ci/gitlab-ci.yml").values()
    (script,) = job["script"]
    done = bash(script.replace("--kind docstring", "--marker"))
    assert done.returncode == 1, done.stderr
    assert all((project / path).exists() for path in job["artifacts"]["paths"])
    applied = bash("git apply instant-edit.patch")
    assert applied.returncode == 0, applied.stderr
    assert "return 2" in (project / "src/a b.py").read_text()
    assert "instant-edit apply src --kind docstring" in script


def test_the_readme_shows_the_workflow_that_is_tested() -> None:
    shown = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)
    assert yaml.safe_load(shown[0]) == load("docs/ci/github-workflow.yml")


def test_the_workflow_gives_the_action_what_it_takes() -> None:
    workflow = load("docs/ci/github-workflow.yml")
    (step,) = [
        one for one in workflow["jobs"]["edits"]["steps"] if "/instant-edit@" in one.get("uses", "")
    ]
    assert set(step["with"]) <= set(load("action.yml")["inputs"])
    assert shlex.split(step["with"]["args"])[0] == "src"
