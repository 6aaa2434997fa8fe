"""Real server processes, one for each test module and client profile."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, client_capabilities

from tests.lsp.driving import COMMAND, PLAIN, Client, RawClient, make_client, started

PROFILES = ["neovim@0.11", "visual_studio_code"]


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]
    scope="module",
    params=PROFILES,
    config=ClientServerConfig(server_command=COMMAND, client_factory=make_client),
)
async def client(request: pytest.FixtureRequest, editor: Client) -> AsyncIterator[None]:
    """A session as Neovim (utf-8) or VS Code (utf-16) holds it, over the real engine."""
    await begin(editor, request.param)
    yield
    await editor.shutdown_session()


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]
    scope="module",
    params=PROFILES,
    config=ClientServerConfig(server_command=PLAIN, client_factory=make_client),
)
async def light(request: pytest.FixtureRequest, editor: Client) -> AsyncIterator[None]:
    """The same over an editor without an engine, which starts at once."""
    await begin(editor, request.param)
    yield
    await editor.shutdown_session()


async def begin(editor: Client, profile: str) -> None:
    """Open a session with the capabilities that were recorded of a client."""
    capabilities = client_capabilities(profile)
    editor.initialized_with = await editor.initialize_session(
        types.InitializeParams(capabilities=capabilities)
    )
    agreed = editor.initialized_with.capabilities.position_encoding
    editor.encoding = types.PositionEncodingKind(agreed).value


@pytest_asyncio.fixture
async def raw() -> AsyncIterator[RawClient]:
    """A server process that has been told nothing yet."""
    async with started() as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(request: pytest.FixtureRequest) -> AsyncIterator[RawClient]:
    """One session for a module, begun with its INITIALIZE, ended as it should be."""
    client = await RawClient.start()
    await client.initialize(**getattr(request.module, "INITIALIZE", {}))
    yield client
    status, stderr = await client.leave()
    assert status == 0, stderr
    assert "Traceback" not in stderr


@pytest.fixture
def session(shared: RawClient) -> RawClient:
    """The module's session, its old notifications forgotten."""
    shared.notifications.clear()
    return shared
