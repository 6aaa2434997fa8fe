"""``models pull`` against a hub on this machine that answers as the real one does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from instant_edit import cli
from instant_edit.errors import ModelError
from instant_edit.library.pulling import pull
from instant_edit.models import store
from instant_edit.models.catalogue import CatalogueEntry, catalogue
from instant_edit.models.manifest import Manifest
from tests.library.hub import COMMIT, Hub, Repository

ENTRY = catalogue().model("open-dcoder-0.5b")
NAME = str(ENTRY.repository)
WEIGHTS = bytes(range(256)) * 40


@pytest.fixture(scope="module")
def running() -> Iterator[Hub]:
    hub = Hub()
    yield hub
    hub.shutdown()
    hub.server_close()


@pytest.fixture
def hub(running: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """The hub with one whole model, and an empty store."""
    monkeypatch.setenv("HF_ENDPOINT", running.url)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "models"))
    running.repositories = {
        NAME: Repository(
            {
                "config.json": b'{"model_type": "qwen2"}',
                "tokenizer.json": b"{}",
                "model.safetensors": WEIGHTS,
                "pytorch_model.bin": b"a pickle",
                "modeling.py": b"print('code')",
                "onnx/model.json": b"{}",
            }
        )
    }
    running.asked.clear()
    running.tokens.clear()
    return running


def silent(line: str) -> None:
    del line


def test_a_model_arrives_whole_pinned_and_without_code(hub: Hub) -> None:
    assert not store.is_here(ENTRY)
    folder = pull(ENTRY, silent)
    assert store.is_here(ENTRY)
    names = {path.name for path in folder.iterdir()}
    assert names == {"config.json", "tokenizer.json", "model.safetensors", "instant-edit.json"}
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    found = Manifest.of(folder)
    assert found is not None
    assert (found.repository, found.revision) == (NAME, COMMIT)
    fetched = [path for verb, path, _ in hub.asked if verb == "GET" and "/resolve/" in path]
    assert fetched
    assert all(f"/resolve/{COMMIT}/" in path for path in fetched), "never a branch"


def test_what_is_here_is_not_fetched_again(hub: Hub) -> None:
    pull(ENTRY, silent)
    hub.asked.clear()
    told: list[str] = []
    pull(ENTRY, told.append)
    assert told == [f"{ENTRY.id} is here already, at {COMMIT}"]
    assert not [path for _, path, _ in hub.asked if "/resolve/" in path]


def test_what_was_changed_here_is_fetched_again(hub: Hub) -> None:
    folder = pull(ENTRY, silent)
    found = Manifest.of(folder)
    assert found is not None
    assert set(found.fingerprints) == set(found.files)
    weights = folder / "model.safetensors"
    weights.write_bytes(WEIGHTS[:-1] + b"x")
    assert found.resized(folder) is None
    assert found.changed(folder) == "model.safetensors"
    pull(ENTRY, silent)
    assert weights.read_bytes() == WEIGHTS
    assert found.changed(folder) is None


def test_an_interrupted_pull_goes_on(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 1000)  # what is written at once
    hub.repositories[NAME].breaks["model.safetensors"] = 4000
    pull(ENTRY, silent)
    ranges = [r for _, path, r in hub.asked if path.endswith("model.safetensors") and r]
    assert ranges, "only the rest is fetched again"
    assert (store.folder_of(ENTRY) / "model.safetensors").read_bytes() == WEIGHTS


def test_a_damaged_file_is_no_model(hub: Hub) -> None:
    hub.repositories[NAME].lies.add("model.safetensors")
    with pytest.raises(ModelError, match=r"model\.safetensors arrived damaged"):
        pull(ENTRY, silent)
    assert not store.is_here(ENTRY)
    hub.repositories[NAME].lies.clear()
    pull(ENTRY, silent)
    assert store.is_here(ENTRY)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"pytorch_model.bin": b"p", "config.json": b"{}"}, r"only pickles \(pytorch_model\.bin\)"),
        ({"config.json": b"{}"}, "no safetensors"),
    ],
)
def test_pickles_are_refused_before_anything_is_fetched(
    hub: Hub, files: dict[str, bytes], message: str
) -> None:
    hub.repositories[NAME] = Repository(files)
    with pytest.raises(ModelError, match=message):
        pull(ENTRY, silent)
    assert not [path for _, path, _ in hub.asked if "/resolve/" in path]


def test_a_gated_model_asks_for_a_token_and_takes_it(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.repositories[NAME].gated = True
    with pytest.raises(ModelError, match=r"is gated: accept its terms .* then set HF_TOKEN"):
        pull(ENTRY, silent)
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    pull(ENTRY, silent)
    assert hub.tokens[-1] == "Bearer hf_mine"


def test_a_wrong_revision_and_an_unknown_repository_are_named(hub: Hub) -> None:
    with pytest.raises(ModelError, match="has no revision 'v9'"):
        pull(ENTRY, silent, revision="v9")
    hub.repositories.clear()
    with pytest.raises(ModelError, match=f"{NAME} is not to be found"):
        pull(ENTRY, silent)


def test_a_full_disk_is_seen_before(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(Path.cwd())
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=100))
    with pytest.raises(ModelError, match=r"has 0\.0 GB left"):
        pull(ENTRY, silent)
    assert not [path for _, path, _ in hub.asked if "/resolve/" in path]


def test_the_commands_tell_the_same_story(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["models", "pull", ENTRY.id]) == 0
    assert capsys.readouterr().out == f"{store.folder_of(ENTRY)}\n"
    assert cli.main(["models", "list"]) == 0
    line = next(x for x in capsys.readouterr().out.splitlines() if f" {ENTRY.id} " in x)
    assert f"pulled at {COMMIT[:12]}, never run here" in line
    assert cli.main(["models", "rm", ENTRY.id, "--yes"]) == 0
    assert not store.is_here(ENTRY)
    assert cli.main(["models", "rm", ENTRY.id, "--yes"]) == 2
    assert "nothing that could be removed" in capsys.readouterr().err


def test_terms_are_accepted_by_a_flag_only(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    entry: CatalogueEntry = catalogue().model("coda-1.7b")
    assert cli.main(["models", "pull", entry.id]) == 2
    assert "--accept-licence" in capsys.readouterr().err
    assert hub.asked == []
    hub.repositories[str(entry.repository)] = hub.repositories[NAME]
    assert cli.main(["models", "pull", entry.id, "--accept-licence"]) == 0
