"""What the user types while an edit is under way: kept, and never overwritten."""

from __future__ import annotations

from tests.neovim.conftest import Open
from tests.neovim.driver import Nvim

CODE = """\
def total(prices, rate):
    result = sum(prices)
    return result * rate
"""
SCRIPT = '{"texts": ["result = max(prices)"], "until": "go"}'


def go(nvim: Nvim) -> None:
    """Let the server go on after the first step."""
    nvim.lua("vim.fn.writefile({}, 'go')")


def test_typing_above_while_it_denoises_moves_the_edit_along(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(f":2InstantEdit {SCRIPT}<CR>")
    nvim.until_step()
    nvim.keys("ggO# a comment<Esc>")
    go(nvim)
    nvim.until_ready()
    nvim.accept()
    nvim.until_idle()
    assert nvim.text() == "# a comment\n" + CODE.replace("sum", "max")


def test_typing_above_a_shown_edit_has_it_validated_again_when_accepted(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"texts": ["result = max(prices)"]}<CR>')
    nvim.until_ready()
    nvim.keys("ggO# a comment<Esc>")
    nvim.accept()
    nvim.until_idle()
    assert nvim.text() == "# a comment\n" + CODE.replace("sum", "max")


def test_an_edit_made_invalid_by_typing_elsewhere_is_not_applied(open_nvim: Open) -> None:
    nvim = open_nvim("def total():\n    result = 1\n")
    nvim.keys(':2InstantEdit {"texts": ["return 1"]}<CR>')
    nvim.until_ready()
    nvim.keys(":1substitute/def total()/class Total/<CR>")  # no place for a return
    changed = nvim.text()
    nvim.accept()
    nvim.until("require('instant_edit').statusline() == 'instant-edit: no edit'")
    assert nvim.text() == changed


def test_changing_the_selected_text_while_it_denoises_drops_the_edit(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(f":2InstantEdit {SCRIPT}<CR>")
    nvim.until_step()
    nvim.keys("2GA  # mine<Esc>")
    nvim.keys("2G^i_<Esc>")
    go(nvim)
    nvim.until_says("the selected text has changed")
    assert nvim.preview() == []
    assert nvim.lines()[1] == "    _result = sum(prices)  # mine"


def test_changing_the_selected_text_of_a_shown_edit_drops_it(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"texts": ["result = max(prices)"]}<CR>')
    nvim.until_ready()
    nvim.keys("2G^x")
    nvim.until_says("the edit was dropped")
    nvim.accept()
    nvim.until_says("there is no edit in this buffer")
    assert nvim.lines()[1] == "    esult = sum(prices)"


def test_what_was_typed_and_undone_leaves_the_edit_good(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"texts": ["result = max(prices)"]}<CR>')
    nvim.until_ready()
    nvim.keys("ggO# a comment<Esc>u")
    nvim.accept()
    assert nvim.text() == CODE.replace("sum", "max")


def test_what_was_typed_and_undone_while_it_denoised_leaves_the_edit_good(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(f":2InstantEdit {SCRIPT}<CR>")
    nvim.until_step()
    nvim.keys("ggO# a comment<Esc>u")
    go(nvim)
    nvim.until_ready()
    nvim.accept()
    assert nvim.text() == CODE.replace("sum", "max")


def test_accepting_while_typing_is_an_undo_step_of_its_own(open_nvim: Open) -> None:
    accept = "vim.keymap.set('i', '<F2>', '<Plug>(InstantEditAccept)')"
    nvim = open_nvim(CODE, more=accept)
    nvim.keys(':2InstantEdit {"texts": ["result = max(prices)"]}<CR>')
    nvim.until_ready()
    nvim.call("nvim_input", "Goprint(1)<F2>")
    nvim.until("require('instant_edit').statusline() == ''")
    nvim.keys("<Esc>")
    typed = CODE + "print(1)\n"
    assert nvim.text() == typed.replace("sum", "max")
    nvim.keys("u")
    assert nvim.text() == typed


def test_a_buffer_that_may_not_be_changed_is_left_alone(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(":2InstantEdit fill<CR>")
    nvim.until_ready()
    nvim.keys(":set nomodifiable<CR>:InstantEditAccept<CR>")
    nvim.until_says("shop.py is not modifiable")
    assert nvim.text() == CODE


def test_reloading_the_file_from_disk_drops_the_edit(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(":2InstantEdit fill<CR>")
    nvim.until_ready()
    nvim.lua("vim.fn.writefile({ 'other = 1' }, vim.fn.expand('%'))")
    nvim.keys(":edit!<CR>")
    nvim.until_idle()
    assert nvim.text() == "other = 1\n"


def test_deleting_the_buffer_ends_its_edit(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"hold": true}<CR>')
    nvim.until_step()
    nvim.keys(":bwipeout!<CR>")
    nvim.until("next(vim.lsp.get_clients()[1].requests) == nil")
    assert nvim.text() == "\n"
