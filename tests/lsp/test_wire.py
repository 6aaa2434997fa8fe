"""What the server's own requests leave behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from instant_edit.lsp.denoising import EditorLike
from instant_edit.lsp.server import InstantEditServer, create_server
from instant_edit.lsp.stdio import Output


@pytest.fixture
def server(tmp_path: Path) -> InstantEditServer:
    made = create_server(nothing, "none")
    made.protocol.set_writer(Output((tmp_path / "sent").open("wb")))
    return made


def nothing(model: str) -> EditorLike:
    raise AssertionError(model)


@pytest.mark.parametrize("ends", ["given up", "answered", "refused"])
def test_a_request_of_ours_is_forgotten_however_it_ends(
    server: InstantEditServer, ends: str
) -> None:
    method = types.WINDOW_WORK_DONE_PROGRESS_CREATE
    params = types.WorkDoneProgressCreateParams("token")
    future = server.protocol.send_request(method, params, msg_id="7")
    answer = {"jsonrpc": "2.0", "id": "7"}
    if ends == "given up":
        assert future.cancel()
    elif ends == "answered":
        server.protocol.handle_message({**answer, "result": None})
        assert future.result() is None
    else:
        server.protocol.handle_message({**answer, "error": {"code": 1, "message": "no"}})
        assert future.exception() is not None
    assert server.protocol._request_futures == {}
    assert server.protocol._result_types == {}
    server.protocol.handle_message({**answer, "result": None})  # late, or twice
