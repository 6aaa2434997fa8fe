"""The reference server, really listening, and our own client of it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest
import uvicorn

from instant_edit.errors import EditCancelled, InputError, RemoteError
from instant_edit.interface import StepLike
from instant_edit.remote.editor import RemoteEditor
from instant_edit.remote.endpoint import Endpoint
from instant_edit.remote.http import Http
from instant_edit.remote.schema import InfillRequest
from instant_edit.request import EditRequest
from instant_edit.serve.app import MOST_BYTES, application
from instant_edit.serve.command import ServeOptions
from instant_edit.serve.worker import Worker
from tests.apply.scripting import ScriptedEditor
from tests.remote.endpoints import SETTINGS, SOURCE, asks, infilled

DONE = "return width * height"
SCHEMA = json.loads((Path(__file__).parents[2] / "docs/infill.schema.json").read_text("utf-8"))


@contextmanager
def serving(engine: ScriptedEditor, key: str | None = None) -> Iterator[str]:
    """The application on a free port, over an engine; the base of its URLs."""
    listening = socket.create_server(("127.0.0.1", 0))
    hosts = ("127.0.0.1",)
    config = uvicorn.Config(application(Worker(lambda: engine), key, hosts), log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture(scope="module")
def engine() -> ScriptedEditor:
    return ScriptedEditor(DONE)


@pytest.fixture(scope="module")
def url(engine: ScriptedEditor) -> Iterator[str]:
    with serving(engine) as base:
        yield base


@contextmanager
def client(url: str, key: str | None = None) -> Iterator[RemoteEditor]:
    endpoint = Endpoint.named(f"remote:{url}", SETTINGS)
    with RemoteEditor(endpoint, Http(endpoint, key, pauses=())) as one:
        yield one


def valid(part: str, document: object) -> None:
    jsonschema.validate(document, {**SCHEMA, "$ref": f"#/$defs/{part}"})


def test_far_and_near_give_the_same_edit(url: str, engine: ScriptedEditor) -> None:
    request = asks(SOURCE.replace("\n", "\r\n"), instruction="compute it", seed=3)
    near = ScriptedEditor(DONE).edit(request)
    with client(url) as one:
        far = one.edit(request)
        assert one.model.digest == "sha256:0"
    assert (far.source, far.edits) == (near.source, near.edits)
    assert far.stats.tokens == near.stats.tokens
    assert engine.requests[-1].seed == 3


def test_drafts_come_while_it_denoises(url: str) -> None:
    steps: list[StepLike] = []
    with client(url) as one:
        assert one.edit(asks(), on_step=steps.append).verdict.ok
    texts = ["".join(piece.text for piece in step.pieces[0]) for step in steps]
    assert len(texts) > 1
    assert texts[-1] == DONE
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))


@pytest.mark.parametrize("drafts", [True, False])
def test_a_client_that_goes_away_stops_the_engine(
    url: str, engine: ScriptedEditor, drafts: bool
) -> None:
    running, stopped = threading.Event(), threading.Event()
    show: Callable[[StepLike], None] | None = (lambda step: None) if drafts else None

    def meanwhile() -> None:
        running.set()
        for _ in range(10_000):  # 20 s at most
            if engine.options[-1]["cancelled"]():
                return stopped.set()
            stopped.wait(0.002)
        return None

    engine.meanwhile = meanwhile
    engine.texts = ("x" + " + x" * 30,)  # enough for several passes
    try:
        with client(url) as one, pytest.raises(EditCancelled):
            one.edit(asks(), cancelled=running.is_set, on_step=show)
        assert stopped.wait(20)
    finally:
        engine.meanwhile, engine.texts = (lambda: None), (DONE,)


def test_findings_of_the_far_gate_come_back(url: str, engine: ScriptedEditor) -> None:
    engine.texts = ("return (",)
    try:
        with client(url) as one:
            result = one.edit(asks())
    finally:
        engine.texts = (DONE,)
    assert not result.verdict.ok
    assert result.source == SOURCE


def test_what_cannot_be_edited_is_said_by_the_server(url: str) -> None:
    body = {**InfillRequest(asks()).to_json(), "language": "cobol"}
    answer = post(url, body)
    assert answer.status_code == 422
    assert "cobol" in answer.json()["error"]["message"]


def test_the_key_must_be_right() -> None:
    with serving(ScriptedEditor(DONE), key="Right1") as url:
        with client(url, "Right1") as one:
            assert one.edit(asks()).verdict.ok
        for wrong in ("Wrong1", None):
            with client(url, wrong) as one, pytest.raises(RemoteError, match="answered 401"):
                one.edit(asks())


def post(url: str, body: object, **headers: str) -> httpx2.Response:
    return httpx2.post(f"{url}/infill", json=body, headers=headers, trust_env=False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "version: expected an integer from 1 to 1"),
        ({"spans": []}, "spans: expected 1 to 64 spans"),
        ({"spans": [{"start": 0}]}, "spans[0].end: missing"),
        ({"text": 5}, "text: expected a string"),
        ({"seed": -1}, "seed: expected an integer from 0"),
        ({"mode": "guess"}, "mode: expected one of fill, rewrite"),
        ({"colour": "red"}, "colour: unknown key"),
    ],
)
def test_a_request_that_is_wrong_is_named(url: str, change: dict[str, Any], message: str) -> None:
    answer = post(url, {**InfillRequest(asks()).to_json(), **change})
    assert answer.status_code == 400
    assert message in answer.json()["error"]["message"]


def test_a_web_page_cannot_reach_it(url: str) -> None:
    body = InfillRequest(asks()).to_json()
    assert post(url, body, host="evil.example").status_code == 400
    form = httpx2.post(f"{url}/infill", content=json.dumps(body), trust_env=False)
    assert form.status_code == 415
    assert "access-control-allow-origin" not in post(url, body).headers


def test_a_request_has_a_size(url: str) -> None:
    body = InfillRequest(asks("x = 1\n" + "# " * MOST_BYTES, "1")).to_json()
    assert post(url, body).status_code == 413


def test_it_says_which_model_it_has(url: str) -> None:
    (model,) = httpx2.get(f"{url}/models", trust_env=False).json()["data"]
    assert (model["id"], model["digest"]) == ("scripted", "sha256:0")
    other = post(url, {**InfillRequest(asks()).to_json(), "model": "other"})
    assert other.status_code == 404


def test_the_messages_are_those_of_the_documented_schema(url: str) -> None:
    request = InfillRequest(asks(instruction="compute it"), stream=True).to_json()
    valid("request", request)
    kinds = []
    with httpx2.stream("POST", f"{url}/infill", json=request, trust_env=False) as response:
        for event in httpx2.EventSource(response):
            document = json.loads(event.data)
            valid(document["type"], document)
            kinds.append(document["type"])
    assert set(kinds[:-1]) == {"draft"}
    assert kinds[-1] == "result"
    valid("result", infilled("x"))
    with pytest.raises(jsonschema.ValidationError):
        valid("request", {**request, "colour": "red"})


def test_a_request_survives_its_message() -> None:
    request = EditRequest(SOURCE, asks().spans, "python", "do", "rewrite", 5, 2, 700, "a.py")
    assert InfillRequest.parse(InfillRequest(request).to_json()).request == request


@pytest.mark.parametrize(
    ("options", "key", "message"),
    [
        (ServeOptions("0.0.0.0", 1), None, "INSTANT_EDIT_SERVE_KEY"),
        (ServeOptions("0.0.0.0", 1), "k", "--certificate"),
    ],
)
def test_it_does_not_stand_open_to_a_network(
    options: ServeOptions, key: str | None, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        options.check(key)
    ServeOptions("127.0.0.1", 1).check(None)
