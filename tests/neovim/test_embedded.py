"""The whole way with the embedded weights: the real ``instant-edit lsp`` and the real doctor."""

from __future__ import annotations

import sys

import pytest

from tests.neovim.conftest import ROOT, Open

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

INVENTORY = (ROOT / "fixtures" / "inventory.py").read_text(encoding="utf-8")
LINE = 41
STATUS = "require('instant_edit').statusline()"
ANSWERED = f"({STATUS}:find(' of ') or {STATUS}:find('no edit')) ~= nil"


@pytest.fixture
def server_command() -> list[str]:
    """The real one."""
    return [sys.executable, "-m", "instant_edit"]


def test_the_embedded_model_rewrites_a_selection(open_nvim: Open) -> None:
    nvim = open_nvim(INVENTORY)
    nvim.until("(require('instant_edit.client').model(0) or {}).state == 'ready'")
    nvim.keys(f"{LINE}GV:InstantEdit fill<CR>")
    nvim.until("_G.drafts > 0")
    assert nvim.text() == INVENTORY
    nvim.until(ANSWERED)
    while "no edit" in nvim.statusline():
        nvim.keys(":InstantEditRetry<CR>")
        nvim.until(ANSWERED)
    shown = nvim.preview()[0]
    nvim.accept()
    lines = INVENTORY.splitlines()
    assert nvim.lines()[: LINE - 1] == lines[: LINE - 1]
    assert nvim.lines()[LINE - 1] == shown
    assert nvim.lines()[-(len(lines) - LINE) :] == lines[LINE:]
    compile(nvim.text(), "inventory.py", "exec")
    nvim.keys("u")
    assert nvim.text() == INVENTORY


def test_the_same_seed_gives_the_same_text(open_nvim: Open) -> None:
    nvim = open_nvim(INVENTORY)
    texts = []
    for _ in range(2):
        nvim.keys(f":{LINE}InstantEdit! fill<CR>")
        nvim.until("require('instant_edit').statusline() == '' or #_G.notified > 0")
        texts.append(nvim.text())
        nvim.keys(":silent! undo<CR>")
    assert texts[0] == texts[1]


def test_health_finds_the_installation_in_order(open_nvim: Open) -> None:
    nvim = open_nvim(INVENTORY)
    nvim.keys(":checkhealth instant_edit<CR>")
    nvim.until("vim.bo.filetype == 'checkhealth'")
    assert "ERROR" not in nvim.text()
    assert "parameters, sha256:" in nvim.text()
