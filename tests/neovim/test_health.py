"""``:checkhealth instant_edit`` finds what is missing and says the mend."""

from __future__ import annotations

import os
from pathlib import Path

from tests.neovim.conftest import Open
from tests.neovim.driver import Nvim

CODE = "a = 1\n"
ILL = """#!/bin/sh
echo '{"healthy": false, "checks": [
  {"name": "grammar go", "ok": false, "detail": "does not load", "mend": "pip install it again"},
  {"name": "model", "ok": false, "detail": "no weights", "mend": "name another model"}]}'
exit 2
"""


def health(nvim: Nvim) -> str:
    """The report."""
    nvim.keys(":checkhealth instant_edit<CR>")
    nvim.until("vim.bo.filetype == 'checkhealth'")
    return nvim.text()


def test_a_running_server_is_reported_with_its_model(open_nvim: Open) -> None:
    report = health(open_nvim(CODE))
    assert "ERROR" not in report
    assert "OK command: instant-edit lsp" in report
    assert "client 1, 1 buffers" in report
    assert "protocol 1, model scripted" in report


def test_a_missing_command_is_an_error_with_its_mend(
    open_nvim: Open, environment: dict[str, str]
) -> None:
    environment["PATH"] = os.defpath
    report = health(open_nvim(CODE, attach=False))
    assert "ERROR instant-edit is not executable" in report
    assert "pip install instant-edit" in report


def test_a_missing_grammar_and_a_missing_model_are_reported_by_the_servers_doctor(
    open_nvim: Open, tmp_path: Path
) -> None:
    (tmp_path / "ill").write_text(ILL)
    (tmp_path / "ill").chmod(0o755)
    command = f"{{ '{tmp_path / 'ill'}', 'lsp' }}"
    more = f"vim.lsp.config('instant_edit', {{ cmd = {command}, filetypes = {{}} }})"
    report = health(open_nvim(CODE, more=more, attach=False))
    assert "ERROR grammar go: does not load" in report
    assert "pip install it again" in report
    assert "ERROR model: no weights" in report
    assert "name another model" in report


def test_a_model_that_failed_is_reported_by_the_client(open_nvim: Open) -> None:
    broken = "vim.lsp.config('instant_edit', { init_options = { model = 'broken' } })"
    nvim = open_nvim(CODE, more=broken)
    nvim.keys(":InstantEdit fill<CR>")
    nvim.until_says("broken.gguf")
    report = health(nvim)
    assert "ERROR model broken: broken.gguf: the file is cut short" in report


def test_a_wrong_setting_is_named_and_its_default_used(open_nvim: Open) -> None:
    nvim = open_nvim(CODE, more="vim.g.instant_edit = { doubt = 7, colour = 'red' }")
    report = health(nvim)
    assert "ERROR setting colour: unknown key; known keys: candidates, deadline_ms" in report
    assert "ERROR setting doubt: expected a number from 0 to 1, got 7" in report
    assert nvim.lua("return require('instant_edit.config').get().doubt") == 0.5


def test_a_server_that_is_not_enabled_is_a_warning(open_nvim: Open) -> None:
    report = health(open_nvim(CODE, more="vim.lsp.enable('instant_edit', false)", attach=False))
    assert "WARNING not enabled" in report
    assert "vim.lsp.enable('instant_edit')" in report
