"""Settings: which layer wins, what is refused, and how it is explained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from instant_edit import cli
from instant_edit.apply.options import ApplyOptions
from instant_edit.errors import SettingsError
from instant_edit.settings import DEFAULT, SETTINGS, load

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("home/instant-edit", "project/.git", "project/sub"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "project/sub")
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)
    return tmp_path / "project"


def user(project: Path, text: str) -> Path:
    file = project.parent / "home/instant-edit/config.toml"
    file.write_text(text)
    return file


def test_without_files_everything_is_default(project: Path) -> None:
    settings = load()
    assert set(settings.origins.values()) == {DEFAULT}
    assert settings.parameters() == {}


def test_defaults_are_those_of_the_flags(project: Path) -> None:
    options = ApplyOptions()
    for setting in SETTINGS:
        if setting.parameter not in (None, "model"):
            assert getattr(options, setting.parameter) == setting.default


def test_a_nearer_layer_wins(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = user(project, "seed = 1\ncandidates = 2\njobs = 3\n")
    ours = project / "pyproject.toml"
    ours.write_text("[tool.instant-edit]\ncandidates = 4\njobs = 5\n")
    monkeypatch.setenv("INSTANT_EDIT_JOBS", "6")
    settings = load()
    assert [settings.values[key] for key in ("seed", "candidates", "jobs")] == [1, 4, 6]
    origins = [settings.origins[key] for key in ("seed", "candidates", "jobs")]
    assert origins == [str(mine), str(ours), "INSTANT_EDIT_JOBS"]


def test_the_own_file_outweighs_pyproject_and_the_search_ends_at_the_repository(
    project: Path,
) -> None:
    (project / "pyproject.toml").write_text("[tool.instant-edit]\nseed = 1\n")
    (project / "instant-edit.toml").write_text("seed = 2\n")
    (project.parent / "instant-edit.toml").write_text("jobs = 2\n")
    assert load().parameters() == {"seed": 2}


def test_lists_and_switches_are_read(project: Path) -> None:
    (project / "instant-edit.toml").write_text('deny = ["*.sql"]\npager = false\n')
    assert load().parameters() == {"deny": ("*.sql",), "pager": False}
    environment = {"INSTANT_EDIT_DENY": "a:b", "INSTANT_EDIT_PAGER": "true"}
    assert load(environment=environment).values["deny"] == ("a", "b")
    assert load(environment=environment).values["pager"] is True


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sede = 1", "unknown key 'sede'; known are: model, seed"),
        ('seed = "1"', "seed must be int, not '1'"),
        ("seed = true", "seed must be int, not True"),
        ("candidates = 65", "candidates: 65 is not in the range"),
        ("min-confidence = 2", "min-confidence: 2"),
        ('deny = "*.sql"', "deny must be a list of str"),
        ("deny = [1]", "deny must be a list of str"),
        ('verify = "rm -rf /"', "unknown key 'verify'"),
        ("seed = ", "cannot be read"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_the_file(
    project: Path, text: str, message: str
) -> None:
    (project / "instant-edit.toml").write_text(text)
    with pytest.raises(SettingsError, match=message) as caught:
        load()
    assert str(project / "instant-edit.toml") in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        'endpoint = "https://evil.example/v1"',
        'protocol = "chat"',
        "allow-plain-http = true",
        'api-key-variable = "AWS_SECRET_ACCESS_KEY"',
        'model = "remote:https://evil.example/v1"',
        'model = "remote"',
    ],
)
def test_only_the_user_says_where_text_is_sent(
    project: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = text.partition(" ")[0]
    for name in ("instant-edit.toml", "pyproject.toml"):
        table = "[tool.instant-edit]\n" if name == "pyproject.toml" else ""
        (project / name).write_text(table + text)
        with pytest.raises(SettingsError, match=f"{key} decides where text is sent") as caught:
            load()
        assert str(project / name) in str(caught.value)
        assert load(project=False).origins[key] == DEFAULT
        (project / name).unlink()
    mine = user(project, text)
    assert load().origins[key] == str(mine)


def test_what_is_wrong_in_a_variable_is_named_with_the_variable(project: Path) -> None:
    with pytest.raises(SettingsError, match="INSTANT_EDIT_SEED: 'x' is not a valid int"):
        load(environment={"INSTANT_EDIT_SEED": "x"})


def shown(capsys: pytest.CaptureFixture[str], *flags: str) -> str:
    assert cli.main(["config", "show", *flags]) == 0
    return capsys.readouterr().out


def test_config_show_explains_where_each_value_comes_from(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "instant-edit.toml").write_text("min-confidence = 0.5\n")
    file = str(project / "instant-edit.toml")
    assert f"min-confidence = 0.5  # {file}\n" in shown(capsys, "--origin")
    assert "seed = 0  # default\n" in shown(capsys, "--origin")
    assert "min-confidence = 0.5\n" in shown(capsys)
    document = json.loads(shown(capsys, "--json"))
    assert document["min-confidence"] == {"value": 0.5, "origin": file}


def test_settings_reach_apply_and_flags_outweigh_them(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[ApplyOptions] = []

    def run(options: ApplyOptions, open_editor: object) -> int:
        seen.append(options)
        return 0

    monkeypatch.setattr("instant_edit.apply.command.run", run)
    (project / "instant-edit.toml").write_text('seed = 3\ncandidates = 4\nglob = ["*.py"]\n')
    assert cli.main(["apply", "f.py", "--symbol", "f", "--seed", "9"]) == 0
    assert (seen[0].seed, seen[0].candidates, seen[0].globs) == (9, 4, ("*.py",))
    (project / "instant-edit.toml").write_text("seed = -1\n")
    assert cli.main(["apply", "f.py", "--symbol", "f"]) == 2
    assert "seed: -1 is not in the range" in capsys.readouterr().err


def test_a_replay_has_the_model_of_the_settings(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models: list[str] = []

    def replay(report: Path, open_editor: Callable[[], object]) -> int:
        open_editor()
        return 0

    monkeypatch.setattr("instant_edit.apply.replay.replay", replay)
    monkeypatch.setattr(cli, "open_editor", models.append)
    (project / "instant-edit.toml").write_text('model = "mine.gguf"\nglob = ["*.py"]\n')
    Path("report.json").touch()
    assert cli.main(["replay", "report.json"]) == 0
    assert cli.main(["replay", "report.json", "--model", "other"]) == 0
    assert models == ["mine.gguf", "other"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completion", shell]) == 0
    assert "_INSTANT_EDIT_COMPLETE" in capsys.readouterr().out


def test_the_shell_is_told_the_flags_of_apply(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_INSTANT_EDIT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "instant-edit apply --mar")
    monkeypatch.setenv("COMP_CWORD", "2")
    with pytest.raises(SystemExit):
        cli.main([])
    assert capsys.readouterr().out == "plain,--marker\n"
