"""Where text is sent: the endpoint that the user named, and what may be named.

A model's name stands for an endpoint in one of these forms::

    remote                          the endpoint of the settings
    remote:MODEL                    the same, and a model there
    remote:URL                      this endpoint, spoken to in the protocol of the settings
    remote:PROTOCOL+URL#MODEL       everything said
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from instant_edit.errors import ModelError
from instant_edit.settings import PROTOCOLS, ProtocolName

BEFORE, AFTER = 12_000, 4_000  # characters around the spans that may be sent


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint that may be used.

    Args:
        url: its base, as in ``https://host/v1``; what is asked for is appended.
        protocol: what it speaks.
        model: the name of a model there; empty where it has only one.
        loopback: whether it is on this machine.
    """

    url: str
    protocol: ProtocolName
    model: str
    loopback: bool

    @classmethod
    def named(cls, name: str, settings: Mapping[str, object]) -> Endpoint:
        """The endpoint that a model's name and the user's settings stand for.

        Raises:
            ModelError: none is named, or it may not be used.
        """
        said = name.partition(":")[2]
        url, _, model = said.partition("#") if "://" in said else ("", "", said)
        protocol, plus, rest = url.partition("+")
        if plus and protocol in PROTOCOLS:
            url = rest
        else:
            protocol = str(settings["protocol"])
        url = url or str(settings["endpoint"] or "")
        if not url:
            raise ModelError(
                "no endpoint is named: set endpoint in your own settings, or write it into the "
                "model's name, as in remote:https://host/v1"
            )
        plain = bool(settings["allow-plain-http"])
        url, loopback = checked(url, plain_http=plain)
        chosen = next(one for one in PROTOCOLS if one == protocol)
        if chosen != "infill" and not model:
            raise ModelError(
                f"the protocol {chosen} needs the name of a model: write remote:MODEL, or "
                f"remote:{chosen}+{url}#MODEL"
            )
        return cls(url, chosen, model, loopback)

    @property
    def id(self) -> str:
        """Its name in reports; a report may be published, so it holds the host and no path."""
        return f"remote:{self.protocol}+{self.host}" + (f"#{self.model}" if self.model else "")

    @property
    def host(self) -> str:
        """The host, with its port where one is named."""
        return urlsplit(self.url).netloc

    @property
    def leaves(self) -> str:
        """What is sent where, in words for the user."""
        where = "stays on this machine, but goes to" if self.loopback else "LEAVES this machine for"
        return (
            f"with each edit, the text of the spans, up to {BEFORE} characters before and {AFTER} "
            "after them, the instruction, the language and the file's name (no folder) "
            f"{where} {self.url} (protocol {self.protocol})"
        )


def checked(url: str, *, plain_http: bool) -> tuple[str, bool]:
    """An endpoint's URL without its last slash, and whether it is on this machine.

    Raises:
        ModelError: it is no URL of an endpoint, holds a secret, or is plain HTTP to elsewhere.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ModelError(f"the endpoint {url!r} is no URL: {error}") from None
    if "@" in parts.netloc:
        raise ModelError(
            "the endpoint's URL holds a name or password; take it out, and put the key into the "
            "environment or the keyring"
        )
    if parts.scheme not in ("http", "https") or not host:
        raise ModelError(f"the endpoint {url!r} is not of the form https://host/v1")
    if parts.query or parts.fragment:
        raise ModelError(f"the endpoint {url!r} has a query or fragment; name only its base")
    loopback = is_loopback(host)
    if parts.scheme == "http" and not (loopback or plain_http):
        raise ModelError(
            f"the endpoint {url!r} is plain HTTP to another machine, where anybody on the way can "
            "read the text: use https, or set allow-plain-http = true in your own settings"
        )
    return url.rstrip("/"), loopback


def is_loopback(host: str) -> bool:
    """Whether a host's name is this machine's own, without asking anybody."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
