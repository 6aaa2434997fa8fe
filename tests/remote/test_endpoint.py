"""Which endpoints may be named, and how; where their keys come from."""

from __future__ import annotations

import keyring
import pytest
from keyring.backend import KeyringBackend

from instant_edit.errors import ModelError
from instant_edit.remote.endpoint import Endpoint, checked
from instant_edit.remote.keys import find_key
from tests.remote.endpoints import SETTINGS


@pytest.mark.parametrize(
    ("name", "url", "protocol", "model"),
    [
        ("remote", "https://team/v1", "chat", ""),
        ("remote:m", "https://team/v1", "chat", "m"),
        ("remote:https://other/v1/#m", "https://other/v1", "chat", "m"),
        ("remote:fim+https://other/v1#a/b:c", "https://other/v1", "fim", "a/b:c"),
        ("remote:infill+http://[::1]:9/v1", "http://[::1]:9/v1", "infill", ""),
    ],
)
def test_a_name_says_what_the_settings_do_not(
    name: str, url: str, protocol: str, model: str
) -> None:
    settings = {**SETTINGS, "endpoint": "https://team/v1/", "protocol": "chat"}
    if not model and protocol == "chat":
        with pytest.raises(ModelError, match="needs the name of a model"):
            Endpoint.named(name, settings)
        return
    found = Endpoint.named(name, settings)
    assert (found.url, found.protocol, found.model) == (url, protocol, model)


def test_without_an_endpoint_nothing_is_guessed() -> None:
    with pytest.raises(ModelError, match="no endpoint is named"):
        Endpoint.named("remote", SETTINGS)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://gpu.example/v1", "plain HTTP to another machine"),
        ("http://127.0.0.1.example/v1", "plain HTTP to another machine"),
        ("http://localhost.example/v1", "plain HTTP to another machine"),
        ("http://0.0.0.0/v1", "plain HTTP to another machine"),
        ("https://me:secret@host/v1", "holds a name or password"),
        ("ftp://host/v1", "not of the form"),
        ("https:///v1", "not of the form"),
        ("https://host/v1?key=1", "has a query"),
        ("https://host:99999/v1", "is no URL"),
    ],
)
def test_what_may_not_be_an_endpoint_is_refused(url: str, message: str) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        checked(url, plain_http=False)
    assert "secret" not in str(caught.value)


def test_plain_http_is_for_this_machine_unless_it_is_allowed() -> None:
    for host in ("127.0.0.1:80", "127.1.2.3", "localhost:5", "[::1]"):
        assert checked(f"http://{host}/v1", plain_http=False)[1]
    assert checked("http://gpu/v1", plain_http=True) == ("http://gpu/v1", False)


def test_what_leaves_the_machine_is_said() -> None:
    far = Endpoint("https://host/v1", "fim", "m", loopback=False)
    assert "LEAVES this machine for https://host/v1" in far.leaves
    near = Endpoint("http://localhost/v1", "fim", "m", loopback=True)
    assert "LEAVES" not in near.leaves


class Ring(KeyringBackend):
    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        assert username == "host:8443", "the keyring is asked for no other host"
        return f"from-the-{service}-ring"

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


@pytest.fixture
def ring() -> object:
    before = keyring.get_keyring()
    keyring.set_keyring(Ring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


FAR = Endpoint("https://host:8443/v1", "infill", "", loopback=False)


@pytest.mark.usefixtures("ring")
def test_a_key_comes_from_the_environment_or_else_from_the_keyring() -> None:
    assert find_key(FAR, "KEY", {"KEY": "mine"}) == "mine"
    assert find_key(FAR, "KEY", {"OTHER": "mine"}) == "from-the-instant-edit-ring"
    near = Endpoint("http://127.0.0.1/v1", "infill", "", loopback=True)
    assert find_key(near, "KEY", {}) is None


def test_what_cannot_be_a_key_is_not_repeated() -> None:
    with pytest.raises(ModelError, match="environment variable KEY") as caught:
        find_key(FAR, "KEY", {"KEY": "hush\r\nX-Evil: 1"})
    assert "hush" not in str(caught.value)
