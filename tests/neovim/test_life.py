"""The server's and the editor's ends."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from pathlib import Path

import psutil

from tests.neovim.conftest import Open

CODE = """\
def total(prices, rate):
    result = sum(prices)
    return result * rate
"""


def test_write_and_quit_while_it_denoises(open_nvim: Open, tmp_path: Path) -> None:
    nvim = open_nvim(CODE)
    nvim.keys("GA  # typed<Esc>")
    nvim.keys(':2InstantEdit {"hold": true}<CR>')
    nvim.until_step()
    (server,) = psutil.Process(nvim.process.pid).children(recursive=True)
    nvim.call("nvim_input", ":wq<CR>")
    assert nvim.wait() == 0
    assert (tmp_path / "shop.py").read_text() == CODE.replace("* rate", "* rate  # typed")
    psutil.wait_procs([server], timeout=30)
    assert not server.is_running()


def test_a_server_that_crashes_is_started_again_by_the_next_edit(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"die": true}<CR>')
    nvim.until_says("the server has gone")
    assert (nvim.preview(), nvim.text()) == ([], CODE)
    nvim.until("#vim.lsp.get_clients() == 0")
    nvim.keys(":2InstantEdit fill<CR>")
    nvim.until_ready()
    nvim.accept()
    assert nvim.lines()[1] == "    FILLED"


def test_stopping_the_server_ends_the_edit(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"hold": true}<CR>')
    nvim.until_step()
    nvim.keys(":lua vim.lsp.enable('instant_edit', false)<CR>")
    nvim.until_idle()
    assert (nvim.preview(), nvim.text()) == ([], CODE)
    nvim.keys(":2InstantEdit fill<CR>")
    nvim.until_says("call vim.lsp.enable('instant_edit')")


def test_a_filetype_without_a_grammar_is_named(open_nvim: Open) -> None:
    nvim = open_nvim("text\n", "notes.txt", attach=False)
    nvim.keys(":InstantEdit fill<CR>")
    nvim.until_says("filetype 'text'")


def test_a_missing_command_is_named(open_nvim: Open, environment: dict[str, str]) -> None:
    environment["PATH"] = os.defpath
    nvim = open_nvim(CODE, attach=False)
    nvim.keys(":InstantEdit fill<CR>")
    nvim.until_says("instant-edit is not executable; see :checkhealth instant_edit")


def test_a_model_that_does_not_open_is_named(open_nvim: Open) -> None:
    broken = "vim.lsp.config('instant_edit', { init_options = { model = 'broken' } })"
    nvim = open_nvim(CODE, more=broken)
    nvim.keys(":2InstantEdit fill<CR>")
    nvim.until_says("broken.gguf: the file is cut short; download it again")
    nvim.until("require('instant_edit').statusline() == 'instant-edit: model failed'")


def test_a_remote_server_serves_as_well(
    open_nvim: Open, server_command: list[str], environment: dict[str, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = threading.Thread(target=serve_one, args=(listener, server_command, environment))
        server.start()
        connect = f"vim.lsp.rpc.connect('127.0.0.1', {port})"
        nvim = open_nvim(CODE, more=f"vim.lsp.config('instant_edit', {{ cmd = {connect} }})")
        nvim.keys(":2InstantEdit fill<CR>")
        nvim.until_ready()
        nvim.accept()
        assert nvim.lines()[1] == "    FILLED"
        nvim.kill()
        server.join(30)


def serve_one(listener: socket.socket, command: list[str], environment: dict[str, str]) -> None:
    """What inetd does: one server process on one connection."""
    connection, _ = listener.accept()
    with connection:
        subprocess.run(
            [*command, "lsp"],
            stdin=connection.fileno(),
            stdout=connection.fileno(),
            env=environment,
            check=False,
        )


def test_it_says_what_it_does_in_the_status_line(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.until_idle()
    nvim.keys(':2InstantEdit {"hold": true}<CR>')
    nvim.until_step()
    assert nvim.statusline() == "instant-edit: step 1, 3 left"
