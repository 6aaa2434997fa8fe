"""The real server process with the real weights makes the edit that the command line makes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from instant_edit.cli import main
from tests.lsp.driving import RawClient, apply, span

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FILE = Path(__file__).resolve().parents[2] / "fixtures" / "inventory.py"


async def test_server_and_command_line_make_the_same_edit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = FILE.read_text("utf-8")
    piece = "pass"
    line = text[: text.index(piece)].count("\n") + 1
    client = await RawClient.start(sys.executable, "-m", "instant_edit", "lsp")
    await client.initialize(capabilities={"general": {"positionEncodings": ["utf-8"]}})
    uri = client.open(text)
    document = {"uri": uri, "version": 1}
    params = {"textDocument": document, "range": span(text, piece, "utf-8")}
    client.request(2, "instantEdit/edit", params)
    result = (await client.answer(2))["result"]
    client.request(3, "instantEdit/edit", params)
    again = (await client.answer(3))["result"]
    assert again["edit"] == result["edit"]
    assert result["stats"]["contextTokensReused"] < result["stats"]["contextTokens"]
    assert again["stats"]["contextTokensReused"] == again["stats"]["contextTokens"]
    assert (await client.leave())[0] == 0

    code = main(["apply", str(FILE), "--lines", f"{line}:{line}", "--json"])
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert result["verdict"]["ok"] == file["verdict"]["ok"] == (code == 0)
    if file["changed"]:
        (edit,) = file["edits"]
        expected = text[: edit["start"]] + edit["text"] + text[edit["end"] :]
        assert apply(text, result["edit"], uri, 1, "utf-8") == expected
    else:
        assert result["edit"] is None
