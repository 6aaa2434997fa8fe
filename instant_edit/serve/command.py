"""``instant-edit serve``: the engine of one model behind HTTP."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from instant_edit.errors import InputError, ModelError
from instant_edit.remote.endpoint import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable

    from instant_edit.interface import Engine

KEY_VARIABLE = "INSTANT_EDIT_SERVE_KEY"


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Where to listen, and with which certificate."""

    host: str
    port: int
    certificate: str | None = None
    private_key: str | None = None

    def check(self, key: str | None) -> None:
        """Refuse to stand open to a network.

        Raises:
            InputError: a key or a certificate is missing for anything but this machine.
        """
        if is_loopback(self.host):
            return
        if not key:
            raise InputError(
                f"{self.host} can be reached by other machines: set {KEY_VARIABLE} to the key "
                "that they must send"
            )
        if self.certificate is None:
            raise InputError(
                f"{self.host} can be reached by other machines: give --certificate and "
                "--private-key, or listen on 127.0.0.1 behind a proxy that speaks TLS"
            )


def run(options: ServeOptions, open_engine: Callable[[], Engine]) -> int:
    """Serve until interrupted; the model is loaded first.

    Raises:
        InputError: it would stand open to a network.
        ModelError: the extra is not installed, or the model cannot be loaded.
    """
    key = os.environ.get(KEY_VARIABLE)
    options.check(key)
    try:
        import uvicorn

        from instant_edit.serve.app import application
        from instant_edit.serve.worker import Worker
    except ImportError as error:
        raise ModelError(
            f"serving needs the package {error.name}: pip install 'instant-edit[serve]'"
        ) from None
    local = is_loopback(options.host)
    hosts = ("localhost", "127.0.0.1", "[::1]", options.host) if local else ("*",)
    worker = Worker(open_engine)
    scheme = "https" if options.certificate else "http"
    click.echo(f"{worker.model.id} at {scheme}://{options.host}:{options.port}/v1", err=True)
    uvicorn.run(
        application(worker, key, hosts),
        host=options.host,
        port=options.port,
        ssl_certfile=options.certificate,
        ssl_keyfile=options.private_key,
        log_level="warning",  # the access log would say who edits when
        server_header=False,
    )
    return 0
