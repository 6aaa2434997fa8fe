"""The documents about the protocol and the settings are those of this source."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, get_args

import attrs
import pytest

from instant_edit.lsp import protocol
from instant_edit.lsp.converting import camel
from instant_edit.lsp.protocol import DRAFT, EDIT, EDIT_COMMAND, STATUS, STATUS_CHANGED, EditParams
from instant_edit.lsp.settings import ACTIONS, LogLevel, Settings

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "lsp-extensions.md").read_text("utf-8")
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "settings.schema.json").read_text("utf-8"))


def examples(method: str, part: str) -> list[Any]:
    """The examples that stand under a message's heading, by their marker."""
    section = DOCUMENT.split(f"## `{method}`")[1].split("\n## ")[0]
    found = re.findall(rf"{part}:\n\n```json\n(.*?)```", section, re.S)
    assert found, (method, part)
    return [json.loads(text) for text in found]


def test_the_document_was_read_again_when_the_protocol_changed() -> None:
    source = Path(protocol.__file__).read_bytes()
    digest = hashlib.sha256(source).hexdigest()[:16]
    assert f"protocol.py hash: {digest}" in DOCUMENT, (
        f"instant_edit/lsp/protocol.py changed: bring docs/lsp-extensions.md up to date, "
        f"then write into it: protocol.py hash: {digest}"
    )


@pytest.mark.parametrize("name", [EDIT, DRAFT, STATUS, STATUS_CHANGED, EDIT_COMMAND])
def test_every_message_has_a_section(name: str) -> None:
    assert f"## `{name}`" in DOCUMENT


def test_the_examples_of_params_are_params() -> None:
    for example in examples(EDIT, "params"):
        EditParams.parse(example)
    for example in examples(EDIT_COMMAND, "params"):
        assert example["command"] == EDIT_COMMAND
        EditParams.parse(*example["arguments"])


@pytest.mark.parametrize(
    ("method", "part", "shape"),
    [
        (EDIT, "result", protocol.EditAnswer),
        (EDIT_COMMAND, "result", protocol.CommandAnswer),
        (DRAFT, "params", protocol.DraftParams),
        (STATUS, "result", protocol.StatusAnswer),
        (STATUS_CHANGED, "params", protocol.StatusChangedParams),
    ],
)
def test_the_examples_of_answers_have_the_keys_of_their_shapes(
    method: str, part: str, shape: type[attrs.AttrsInstance]
) -> None:
    for example in examples(method, part):
        known = {camel(field.name): field for field in attrs.fields(shape)}
        needed = {name for name, field in known.items() if field.default is attrs.NOTHING}
        assert needed <= set(example) <= set(known)
        if "stats" in known:
            assert set(example["stats"]) == {
                camel(field.name) for field in attrs.fields(protocol.StatsAnswer)
            }


def test_the_schema_names_the_settings_and_their_defaults() -> None:
    fields = {camel(f.name): f for f in attrs.fields(Settings) if f.name != "warnings"}
    assert set(SCHEMA["properties"]) == set(fields)
    for name, field in fields.items():
        default = SCHEMA["properties"][name]["default"]
        assert (tuple(default) if isinstance(default, list) else default) == field.default, name
    assert SCHEMA["additionalProperties"] is False
    assert SCHEMA["properties"]["logLevel"]["enum"] == list(get_args(LogLevel))
    assert SCHEMA["properties"]["codeActions"]["items"]["enum"] == list(ACTIONS)


def test_what_the_schema_allows_is_read_without_a_warning() -> None:
    for example in SCHEMA["examples"]:
        assert Settings.parse(example, "settings").warnings == ()
        assert set(example) <= set(SCHEMA["properties"])
