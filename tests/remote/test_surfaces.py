"""An endpoint behind the command line and behind the language server, each the real one."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from instant_edit import cli
from tests.evaluation.rows import DOUBLE, write_rows
from tests.lsp.driving import RawClient, apply, span
from tests.remote.endpoints import SOURCE, Server, events, infilled, says, silence

DONE = "return width * height"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one file, and a user without settings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    Path("shapes.py").write_text(SOURCE)
    for name in [name for name in os.environ if name.startswith("INSTANT_EDIT_")]:
        monkeypatch.delenv(name)
    return tmp_path / "project"


def test_apply_prints_the_diff_and_says_where_text_goes(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    server.reset(says(infilled(DONE)))
    assert (
        cli.main(["apply", "shapes.py", "--lines", "3:3", "--model", f"remote:{server.url}"]) == 0
    )
    out, err = capsys.readouterr()
    assert f"+    {DONE}\n" in out
    assert "note: with each edit, the text of the spans, up to 12000 characters" in err
    assert server.url in err


def test_apply_ends_with_2_where_the_endpoint_cannot_be_used(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    server.reset(says({"error": {"message": "who?"}}, 401))
    model = f"remote:{server.url}"
    assert cli.main(["apply", "shapes.py", "--lines", "3:3", "--model", model, "--write"]) == 2
    assert "answered 401 (who?)" in capsys.readouterr().err
    assert Path("shapes.py").read_text() == SOURCE
    assert cli.main(["apply", "shapes.py", "--lines", "3:3", "--model", "remote"]) == 2
    assert "no endpoint is named" in capsys.readouterr().err


def test_a_key_and_an_endpoint_come_from_the_environment(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTANT_EDIT_ENDPOINT", server.url)
    monkeypatch.setenv("INSTANT_EDIT_MODEL", "remote")
    monkeypatch.setenv("INSTANT_EDIT_API_KEY", "Hush1")
    server.reset(says(infilled(DONE)))
    assert cli.main(["apply", "shapes.py", "--lines", "3:3", "--json"]) == 0
    assert server.seen[0].headers["authorization"] == "Bearer Hush1"


def test_a_report_holds_the_host_and_no_key(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INSTANT_EDIT_API_KEY", "Hush1")
    server.reset(says(infilled(DONE)))
    model = f"remote:{server.url}/team"
    assert cli.main(["apply", "shapes.py", "--lines", "3:3", "--json", "--model", model]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["model"]["id"] == f"remote:infill+127.0.0.1:{server.port}"
    assert "Hush1" not in out + err
    assert "team" not in out


def test_a_projects_file_cannot_send_text_anywhere(
    server: Server, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "instant-edit.toml").write_text(f'model = "remote:{server.url}"\n')
    assert cli.main(["apply", "shapes.py", "--lines", "3:3"]) == 2
    assert "model decides where text is sent" in capsys.readouterr().err
    assert server.seen == []


def test_doctor_says_what_leaves_the_machine(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    server.reset(says(infilled("height * width")))
    assert cli.main(["doctor", "--model", f"remote:{server.url}"]) == 0
    out, _ = capsys.readouterr()
    assert "ok      network" in out
    assert "up to 12000 characters before" in out


def test_an_endpoint_is_evaluated_by_what_it_answers(
    server: Server, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_rows(folder / "rows.jsonl", DOUBLE)
    server.reset(says(infilled("    return 2 * number\n")))
    words = ["eval", "infilling", "rows.jsonl", "--model", f"remote:{server.url}"]
    assert cli.main([*words, "--json", "report.json"]) == 0
    assert server.url in capsys.readouterr().err, "what leaves the machine is said"
    (row,) = json.loads(Path("report.json").read_text())["rows"]
    assert (row["edited"], row["draft_parses"]) == (True, None)
    assert row["completion"] == "    return 2 * number\n", "its blanks belong to it"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["eval", "infilling", "rows.jsonl", "--decoding", "ar"], "measures models on this"),
        (["eval", "infilling", "rows.jsonl", "--length", "oracle"], "measures models on this"),
        (["eval", "kinds", "shapes.py"], "measures models on this machine"),
        (["bench", "--only", "line"], "what an endpoint costs is not this machine's"),
    ],
)
def test_what_cannot_be_measured_of_an_endpoint_is_refused(
    server: Server,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    message: str,
) -> None:
    write_rows(folder / "rows.jsonl", DOUBLE)
    server.reset(silence)
    assert cli.main([*words, "--model", f"remote:{server.url}"]) == 2
    assert message in capsys.readouterr().err
    assert server.seen == []


async def test_the_language_server_asks_an_endpoint(server: Server) -> None:
    model = f"remote:{server.url}"
    client = await RawClient.start(sys.executable, "-m", "instant_edit", "lsp", "--model", model)
    await client.initialize(capabilities={"general": {"positionEncodings": ["utf-8"]}})
    uri = client.open(SOURCE)
    place = {
        "textDocument": {"uri": uri, "version": 1},
        "range": span(SOURCE, "return 0", "utf-8"),
    }
    draft = {"type": "draft", "step": 1, "drafts": [[{"text": "return "}, {"text": "▒"}]]}
    server.reset(events(draft, infilled(DONE)))
    client.request(2, "instantEdit/edit", {**place, "draftToken": 7})
    result = (await client.answer(2))["result"]
    assert apply(SOURCE, result["edit"], uri, 1, "utf-8") == SOURCE.replace("return 0", DONE)
    assert result["model"] == {"id": f"remote:infill+127.0.0.1:{server.port}", "digest": "unknown"}
    drafts = [m["params"] for m in client.notifications if m["method"] == "instantEdit/draft"]
    assert drafts[0]["drafts"][0]["text"] == "return ▒"
    client.request(3, "instantEdit/status")
    status = (await client.answer(3))["result"]["model"]
    assert status["state"] == "ready"
    assert server.url in status["message"]

    server.reset(silence)
    client.request(4, "instantEdit/edit", place)
    while not server.arrived.is_set():  # the loop must go on: it sends what was asked
        client.request(5, "instantEdit/status")
        await client.answer(5)
    client.notify("$/cancelRequest", {"id": 4})
    assert (await client.answer(4))["error"]["code"] == -32800
    assert server.gone.wait(10)
    status_code, stderr = await client.leave()
    assert status_code == 0, stderr
