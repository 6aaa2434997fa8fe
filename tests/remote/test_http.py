"""The conversation with an endpoint: slow, broken, hostile and busy ones."""

from __future__ import annotations

import ssl
import sys
from pathlib import Path
from typing import Any

import pytest
import trustme

from instant_edit.errors import EditCancelled, ModelError, RemoteError
from instant_edit.remote import http as module
from instant_edit.remote.endpoint import Endpoint
from instant_edit.remote.http import Http
from instant_edit.remote.limits import DeadlinePassed, Limits
from tests.remote.endpoints import (
    FREE,
    SETTINGS,
    Answer,
    Server,
    endpoint,
    events,
    raw,
    says,
    silence,
)

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def ask(server: Server, limits: Limits = FREE, key: str | None = None) -> list[Any]:
    http = Http(endpoint(server), key, pauses=(0.0, 0.0))
    try:
        return list(http.ask("/infill", {"a": 1}, limits))
    finally:
        http.close()


def test_json_goes_there_and_comes_back_with_the_key(server: Server) -> None:
    server.reset(says({"b": 2}))
    assert ask(server, key="Hush1") == [{"b": 2}]
    (seen,) = server.seen
    assert (seen.path, seen.body) == ("/v1/infill", {"a": 1})
    assert seen.headers["authorization"] == "Bearer Hush1"


def test_events_come_one_by_one_until_they_are_done(server: Server) -> None:
    server.reset(events({"n": 1}, {"n": 2}, "[DONE]", {"n": 3}))
    assert ask(server) == [{"n": 1}, {"n": 2}]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_endpoint_is_asked_again(server: Server, status: int) -> None:
    server.reset(says({}, status, retry_after="0"), says({}, status), says({"b": 2}))
    assert ask(server) == [{"b": 2}]
    assert len(server.seen) == 3


def test_what_breaks_before_an_answer_is_asked_again(server: Server) -> None:
    server.reset(raw(b""), says({"b": 2}))
    assert ask(server) == [{"b": 2}]


def test_patience_has_an_end(server: Server) -> None:
    server.reset(says({"error": {"message": "no GPU\x07 free"}}, 503))
    with pytest.raises(RemoteError, match=r"answered 503 \(no GPU free\)"):
        ask(server)
    assert len(server.seen) == 3


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (says({"error": "who are you?"}, 401), r"answered 401 \(who are you\?\); put its key"),
        (says({}, 404), "is its base right"),
        (says({}, 307, location="http://127.0.0.1:1/"), "answered 307.*wants to send us elsewhere"),
        (says({}, 500), "answered 500"),
        (says(b"<html>"), "not JSON; it begins b'<html>'"),
        (says(b"[" * 100_000), "not JSON"),
        (says(b""), "sent an empty answer"),
        (events("{"), "not JSON"),
        (says(b"{}", content_encoding="gzip"), "compressed its answer"),
        (raw(OK + b"content-length: 100\r\n\r\n{"), "broke its answer off"),
        (raw(OK + b"transfer-encoding: chunked\r\n\r\nzz\r\n"), "broke its answer off"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named(
    server: Server, answer: Answer, message: str
) -> None:
    server.reset(answer)
    with pytest.raises(RemoteError, match=message) as caught:
        ask(server, key="Hush1")
    assert server.url in str(caught.value)
    assert "Hush1" not in str(caught.value)
    assert len(server.seen) == 1, "what had begun to answer is not asked again"


@pytest.mark.parametrize("answer", [says("x" * 200), events(*['"xxxx"'] * 99, ends=False)])
def test_an_answer_without_end_is_cut(
    server: Server, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    server.reset(answer)
    with pytest.raises(RemoteError, match="too long"):
        ask(server)


def test_nobody_there_is_said_with_the_endpoint() -> None:
    server = Server()
    server.start()
    server.close()
    with pytest.raises(RemoteError, match="cannot be reached"):
        ask(server)


@pytest.mark.parametrize("answer", [silence, events({"n": 1}, ends=False)])
def test_cancelling_closes_the_connection(server: Server, answer: Answer) -> None:
    server.reset(answer)
    with pytest.raises(EditCancelled):
        ask(server, Limits(server.arrived.is_set))
    assert server.gone.wait(10)


def test_an_answer_after_the_cancel_is_dropped(server: Server) -> None:
    server.reset(says({"b": 2}))
    asked = iter([False, *[True] * 1000])
    with pytest.raises(EditCancelled):
        ask(server, Limits(lambda: next(asked)))


def test_whoever_cancelled_before_is_never_heard_of(server: Server) -> None:
    server.reset(says({}))
    with pytest.raises(EditCancelled):
        ask(server, Limits(lambda: True))
    assert server.seen == []


def test_a_deadline_is_kept(server: Server) -> None:
    server.reset(silence)
    with pytest.raises(DeadlinePassed, match="no answer within 50 ms"):
        ask(server, Limits.of(50, None))


def test_whoever_stops_listening_ends_the_conversation(server: Server) -> None:
    server.reset(events({"n": 1}, ends=False))
    http = Http(endpoint(server), None)
    stream = http.ask("/infill", {}, FREE)
    assert next(stream) == {"n": 1}
    stream.close()
    assert server.gone.wait(10)
    http.close()


def test_no_proxy_stands_between_us_and_this_machine(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.reset(says({"b": 2}))
    assert ask(server) == [{"b": 2}]


def test_without_its_library_it_says_what_to_install(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "httpx2", None)
    with pytest.raises(ModelError, match=r"pip install 'instant-edit\[remote\]'"):
        Http(endpoint(server), None)


def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = Server()
    server.start(context)
    server.reset(says({"b": 2}))
    here = Endpoint.named(f"remote:https://127.0.0.1:{server.port}/v1", SETTINGS)
    http = Http(here, None, pauses=())
    with pytest.raises(RemoteError, match="no certificate that is trusted here"):
        list(http.ask("/infill", {}, FREE))
    http.close()
    server.close()
    assert server.seen == []
