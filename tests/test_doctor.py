from __future__ import annotations

import json
import re
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from instant_edit import doctor
from instant_edit.errors import ModelError
from tests.apply.scripting import ScriptedEditor, opener

if TYPE_CHECKING:
    from instant_edit.engine import Editor


def corrupt() -> Editor:
    raise ModelError("weights.gguf is corrupt; install the package again")


def test_a_whole_installation_is_healthy(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.run(opener(ScriptedEditor("height * width"))) == 0
    out, err = capsys.readouterr()
    assert err == "healthy\n"
    for name in ("python", "torch", "tree-sitter", "pygls", "grammar python", "grammar css"):
        assert f"ok      {name} " in out
    assert "scripted" in out
    assert "float32 on 1 threads" in out
    assert re.search(r" ms for \d+ tokens in \d+ forward passes \(first edit; validated\)", out)


def test_a_model_that_does_not_load_is_named_with_its_mend(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert doctor.run(corrupt) == 2
    out, err = capsys.readouterr()
    assert "MISSING model" in out
    assert "weights.gguf is corrupt" in out
    assert "to mend it: " in out
    assert "1 of " in err


def test_a_missing_package_is_named_with_its_mend(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    version = metadata.version

    def lookup(name: str) -> str:
        if name == "pygls":
            raise metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(metadata, "version", lookup)
    assert doctor.run(opener(ScriptedEditor("height * width"))) == 2
    out = capsys.readouterr().out
    assert "MISSING pygls" in out
    assert "to mend it: pip install 'pygls" in out


def test_json_holds_every_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.run(corrupt, as_json=True) == 2
    document = json.loads(capsys.readouterr().out)
    assert document["healthy"] is False
    ill = [check for check in document["checks"] if not check["ok"]]
    assert [check["name"] for check in ill] == ["model"]
    assert all(check["mend"] for check in ill)
