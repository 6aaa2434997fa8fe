"""``models list``, ``info``, ``use``: what is said without loading a model."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from instant_edit import cli
from instant_edit.errors import SettingsError
from instant_edit.library.choosing import use
from instant_edit.models import store
from instant_edit.models.catalogue import catalogue
from instant_edit.settings import load


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "models"))
    monkeypatch.delenv("INSTANT_EDIT_MODEL", raising=False)
    return tmp_path / "instant-edit/config.toml"


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["models", *words]) == 0
    return capsys.readouterr().out


def test_every_model_is_listed_with_its_true_state(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "list").splitlines()[1:]
    assert len(lines) == len(catalogue().models)
    (mine,) = [line for line in lines if " embedded " in line]
    assert mine.startswith("*")
    assert mine.endswith("shipped")
    others = [line for line in lines if line is not mine]
    assert all(line.endswith("not pulled, never run here") for line in others)


def test_json_has_what_a_program_needs(capsys: pytest.CaptureFixture[str]) -> None:
    models = {one["id"]: one for one in json.loads(printed(capsys, "list", "--json"))}
    dream = models["dream-coder-7b"]
    assert dream["state"] == "not pulled"
    assert dream["modes"] == ["fill"]
    assert dream["memory_bytes"] > 2 * dream["parameters"]
    assert models["embedded"]["chosen"]


def test_info_gives_licence_notice_and_sources(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "info", "coda-1.7b")
    for part in ("CC-BY-NC-4.0", "no commercial use", "2.0B", "never run with its real weights"):
        assert part in text
    assert cli.main(["models", "info", "gpt-9"]) == 2
    assert "unknown model 'gpt-9'; known: embedded" in capsys.readouterr().err


def test_use_changes_one_line_of_the_users_file(home: Path) -> None:
    use("a")
    assert home.read_text() == 'model = "a"\n'
    home.write_text('# mine\nseed = 3\nmodel = "a" # old\nglob = ["model = 1"]\n')
    use("b")
    assert home.read_text() == '# mine\nseed = 3\nmodel = "b"\nglob = ["model = 1"]\n'
    assert load().values["model"] == "b"


def test_use_leaves_a_file_alone_that_it_does_not_understand(home: Path) -> None:
    home.parent.mkdir()
    for text in ("seed = ", 'deny = ["""\nmodel = 1\n"""]\nmodel = "x"\n'):
        home.write_text(text)
        with pytest.raises(SettingsError, match=str(home)):
            use("b")
        assert home.read_text() == text


def test_only_what_is_here_can_be_chosen(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["models", "use", "dream-7b"]) == 2
    assert "instant-edit models pull dream-7b" in capsys.readouterr().err
    assert cli.main(["models", "use", "remote:http://gpu.example/v1"]) == 2
    assert "plain HTTP" in capsys.readouterr().err
    assert not home.exists()
    printed(capsys, "use", "remote:https://gpu.example/v1")
    assert tomllib.loads(home.read_text()) == {"model": "remote:https://gpu.example/v1"}
