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
from instant_edit.models.manifest import Manifest
from instant_edit.settings import load
from tests import offering


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


def test_the_commit_is_said_that_the_catalogue_names_and_that_was_pulled(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = catalogue().model("dreamon-7b")
    assert entry.pinned
    assert not catalogue().model("coda-1.7b").pinned
    folder = store.folder_of(entry)
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")

    def state(revision: str) -> tuple[str, dict[str, object]]:
        Manifest(str(entry.repository), revision, {"config.json": 2}).write(folder)
        (line,) = [one for one in printed(capsys, "list").splitlines() if " dreamon-7b " in one]
        return line, json.loads(printed(capsys, "info", "dreamon-7b", "--json"))

    line, about = state(entry.revision)
    assert f"pulled at {entry.revision[:12]}, never run here" in line
    assert about["revision"] == about["pulled_revision"] == entry.revision
    line, about = state("c0ffee" * 7)
    assert f"pulled at c0ffeec0ffee, not the catalogue's {entry.revision[:12]}" in line
    (folder / "config.json").write_text("{ }")
    line, about = state("c0ffee" * 7)
    assert "damaged (config.json), pull it again" in line


def test_what_packages_offer_is_listed_and_none_of_it_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    points = {
        "good": "offering:good",
        "no-module": "offering.deeper:load",
        "no-package": "absent_package.models:load",
        "no-attribute": "offering:missing",
        "no-callable": "offering",
        "dream-7b": "offering:other",
    }
    code = "raise RuntimeError('imported')\nfrom x import good\nif 1:\n    other = 3\n"
    offering.install(tmp_path, monkeypatch, points, code)
    lines = printed(capsys, "list").splitlines()
    mine = {line.split()[0]: line for line in lines if "of offering 1.0" in line}
    assert mine["good"].endswith("  installed")
    assert mine["dream-7b"].endswith("installed, in the place of the catalogue's")
    assert "broken: no module offering.deeper" in mine["no-module"]
    assert "broken: no module absent_package.models" in mine["no-package"]
    assert "broken: offering has no missing" in mine["no-attribute"]
    assert "broken: 'offering' is not module:callable" in mine["no-callable"]
    found = json.loads(printed(capsys, "info", "no-module", "--json"))
    assert found["distribution"] == "offering 1.0"
    assert found["state"].startswith("broken")
    (tmp_path / "offering.py").write_text("def broken(:\n")
    assert "broken: offering cannot be read: invalid syntax" in printed(capsys, "info", "good")


def test_a_path_is_remembered_as_it_is_meant_everywhere(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tuned.gguf").touch()
    Path("dream").mkdir()
    Path("dream/config.json").write_text("{}")
    Path("dream/model.safetensors").touch()

    def chosen(name: str) -> str:
        printed(capsys, "use", name)
        return str(tomllib.loads(home.read_text())["model"])

    assert chosen("tuned.gguf") == str(tmp_path / "tuned.gguf")
    assert chosen("dream:dream@int8@reuse") == f"dream:{tmp_path / 'dream'}@int8@reuse"
    assert chosen("embedded") == "embedded"
    assert cli.main(["models", "use", "missing.gguf"]) == 2
    assert "weights file missing.gguf is missing" in capsys.readouterr().err


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
