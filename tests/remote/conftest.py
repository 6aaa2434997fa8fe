"""One endpoint for all tests of this folder; each tells it what to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.remote.endpoints import Server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="package")
def running() -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.close()


@pytest.fixture
def server(running: Server) -> Server:
    running.reset()
    return running
