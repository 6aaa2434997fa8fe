"""The help says what there is: every command, mapping, setting, highlight group and function."""

from __future__ import annotations

import re

from tests.neovim.conftest import PLUGIN, Open

HELP = (PLUGIN / "doc" / "instant_edit.txt").read_text(encoding="utf-8")


def tags(kind: str) -> set[str]:
    """The tags of the help that begin so, without their beginning."""
    return set(re.findall(rf"\*{re.escape(kind)}([^*\s]*)\*", HELP))


def test_every_command_has_a_tag(open_nvim: Open) -> None:
    nvim = open_nvim(attach=False)
    commands = nvim.lua("return vim.tbl_keys(vim.api.nvim_get_commands({}))")
    ours = {name.removeprefix("InstantEdit") for name in commands if name.startswith("InstantEdit")}
    assert ours == tags(":InstantEdit")


def test_every_mapping_has_a_tag(open_nvim: Open) -> None:
    nvim = open_nvim(attach=False)
    maps = nvim.lua(
        "return vim.tbl_map(function(m) return m.lhs end, vim.api.nvim_get_keymap('n'))"
    )
    prefix = "<Plug>(InstantEdit"
    assert {m.removeprefix(prefix) for m in maps if m.startswith(prefix)} == tags(prefix)


def test_every_highlight_group_has_a_tag_and_its_link(open_nvim: Open) -> None:
    nvim = open_nvim(attach=False)
    links = nvim.lua("return require('instant_edit.highlights').links")
    assert {group.removeprefix("InstantEdit") for group in links} == tags("hl-InstantEdit")
    for group, standard in links.items():
        assert re.search(rf"\*hl-{group}\*\s+{standard}\b", HELP)


def test_every_function_has_a_tag(open_nvim: Open) -> None:
    nvim = open_nvim(attach=False)
    names = nvim.lua("return vim.tbl_keys(require('instant_edit'))")
    public = {f"{name}()" for name in names if not name.startswith("_") and name != "rewrite"}
    assert public == tags("instant_edit.") - {"txt"}


def test_every_setting_is_described(open_nvim: Open) -> None:
    nvim = open_nvim(attach=False)
    for key in nvim.lua("return require('instant_edit.config')._known()").split(", "):
        assert re.search(rf"^\s+{key} = ", HELP, re.MULTILINE)


def test_help_tags_are_made_and_lead_there(open_nvim: Open) -> None:
    nvim = open_nvim(attach=False)
    nvim.lua("vim.fn.mkdir('copy/doc', 'p')")
    nvim.lua(
        "vim.uv.fs_copyfile(..., 'copy/doc/instant_edit.txt')", f"{PLUGIN}/doc/instant_edit.txt"
    )
    nvim.command("set runtimepath^=copy | helptags copy/doc | help :InstantEditAdd")
    assert nvim.lua("return vim.api.nvim_get_current_line()").endswith("*:InstantEditAdd*")


def test_help_lines_fit_a_narrow_window() -> None:
    assert [line for line in HELP.splitlines() if len(line) > 79] == []
