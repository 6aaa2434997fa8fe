"""What the server tells the model of other documents, and of files that the user named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from instant_edit.related import LARGEST
from tests.lsp.driving import EDIT, INVALID_PARAMS, RawClient, do, params

CODE = "from shop import total\n\ndef pay(items):\n    return w + h\n"
SHOP = "def total(items, rate=0.1):\n    return sum(items)\n"
TOLD = "# shop.py\ndef total(items, rate=0.1): ...\n"


async def told(raw: RawClient, note: Path, **more: Any) -> str:
    """What the model is told for an edit of CODE."""
    uri = raw.open(CODE)
    asked = params(uri, CODE, "w + h", instruction=do(note=str(note)), **more)
    raw.request("edit", EDIT, asked)
    assert (await raw.answer("edit"))["result"]["edit"] is not None
    return note.read_text()


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return tmp_path / "note"


async def test_definitions_in_other_open_documents_are_told(raw: RawClient, note: Path) -> None:
    await raw.initialize()
    assert await told(raw, note) == ""
    raw.open(SHOP, uri="file:///src/shop.py")
    raw.open("total = (", "json", uri="file:///other.json")
    raw.open("def total(\ud83d): ...", uri="file:///broken.py")
    assert await told(raw, note) == TOLD
    raw.change("file:///src/shop.py", 2, SHOP.replace("rate=0.1", "rate"))
    assert await told(raw, note) == TOLD.replace("=0.1", "")
    raw.notify("textDocument/didClose", {"textDocument": {"uri": "file:///src/shop.py"}})
    assert await told(raw, note) == ""


async def test_the_setting_switches_it_off_but_not_for_named_files(
    raw: RawClient, note: Path
) -> None:
    await raw.initialize(initializationOptions={"related": False})
    raw.open(SHOP, uri="file:///src/shop.py")
    assert await told(raw, note) == ""
    assert await told(raw, note, related=["file:///src/shop.py"]) == TOLD


async def test_a_file_that_is_named_is_read(raw: RawClient, note: Path, tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    file.write_text(SHOP)
    await raw.initialize()
    assert await told(raw, note, related=[file.as_uri()]) == TOLD


@pytest.mark.parametrize("uri", ["untitled:other", ""])
async def test_what_is_neither_open_nor_a_file_is_refused(raw: RawClient, uri: str) -> None:
    await raw.initialize()
    assert (await refusal(raw, uri)).startswith("related[0]: ")


async def test_a_file_that_cannot_be_read_is_named(raw: RawClient, tmp_path: Path) -> None:
    await raw.initialize()
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "large.py").write_text("#" * (LARGEST + 1))
    (tmp_path / "latin.py").write_bytes(b"# \xe9")
    (tmp_path / "secret.unknown").write_text("x")
    faults = {
        "nothing.py": "is no file",
        "pipe.py": "is no file",
        "large.py": "larger than",
        "latin.py": "cannot be read",
        "secret.unknown": "no language is known",
    }
    for name, fault in faults.items():
        message = await refusal(raw, (tmp_path / name).as_uri())
        assert name in message
        assert fault in message


async def refusal(raw: RawClient, uri: str) -> str:
    """Why an edit with this related file is refused."""
    raw.request("edit", EDIT, params(raw.open(CODE), CODE, "w + h", related=[uri]))
    error = (await raw.answer("edit"))["error"]
    assert error["code"] == INVALID_PARAMS
    return str(error["message"])
