"""Select, preview, accept: the way that every edit goes."""

from __future__ import annotations

from tests.neovim.conftest import Open

CODE = """\
def total(prices, rate):
    result = sum(prices)
    return result * rate


def area(width, height):
    return width * height
"""


def test_from_selection_to_preview_to_buffer_and_back(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys("2GV")
    nvim.keys(':InstantEdit {"texts": ["result = 1 + 2"]}<CR>')
    nvim.until_ready()
    assert nvim.text() == CODE
    assert nvim.preview()[0] == "    result = 1 + 2"
    nvim.accept()
    edited = CODE.replace("sum(prices)", "1 + 2")
    assert nvim.text() == edited
    assert nvim.preview() == []
    nvim.keys("u")
    assert nvim.text() == CODE
    nvim.keys("<C-r>")
    assert nvim.text() == edited


def test_drafts_are_shown_while_it_denoises_and_the_buffer_stays(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    tick = nvim.call("nvim_buf_get_changedtick", 0)
    nvim.keys(':2InstantEdit {"texts": ["result = max(prices)"], "hold": true}<CR>')
    nvim.until_step()
    draft, footer = nvim.preview()
    assert draft == "    result▒▒"
    assert "step 1, 3 left" in footer
    assert ":InstantEditCancel" in footer
    assert nvim.text() == CODE
    assert nvim.call("nvim_buf_get_changedtick", 0) == tick
    assert nvim.call("nvim_get_option_value", "modified", {}) is False


def test_doubtful_tokens_are_dimmed_and_open_ones_set_apart(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"texts": ["result = max(prices)"]}<CR>')
    nvim.until_ready()
    groups = nvim.groups()
    assert groups["InstantEditNew"] == "result max(prices)"
    assert groups["InstantEditDoubtful"] == " ="
    assert "InstantEditOld" in groups


def test_part_of_a_line_is_shown_in_its_line(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys('2Gf=wve:InstantEdit {"texts": ["max"]}<CR>')
    nvim.until_ready()
    assert nvim.preview()[0] == "max"
    nvim.accept()
    assert nvim.lines()[1] == "    result = max(prices)"


def test_the_instruction_is_asked_for_and_empty_means_write_anew(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(":3InstantEdit<CR><CR>")
    nvim.until_ready()
    assert nvim.preview()[0] == "    FILLED"
    nvim.keys(":3InstantEdit rewrite<CR>double it<CR>")
    nvim.until("require('instant_edit').statusline():find(' of ') ~= nil")
    assert nvim.preview()[0] == "    double_it"


def test_leaving_the_prompt_leaves_nothing(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(":3InstantEdit<CR>half<Esc>")
    nvim.until_idle()
    assert nvim.lua("return #vim.api.nvim_buf_get_extmarks(0, -1, 0, -1, {})") == 0


def test_with_a_bang_it_is_accepted_unseen(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(":3InstantEdit! fill<CR>")
    nvim.until("vim.fn.getline(3) == '    FILLED'")
    assert nvim.preview() == []
    assert nvim.statusline() == ""
    nvim.keys("u")
    assert nvim.text() == CODE


def test_retry_asks_with_another_seed_and_candidates_are_kept(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"seeds": [["one = 1"], ["two = 2"], ["three = 3"]]}<CR>')
    nvim.until_ready()
    nvim.keys(":InstantEditRetry<CR>")
    nvim.until("require('instant_edit').statusline() == 'instant-edit: 2 of 2'")
    assert nvim.preview()[0] == "    two = 2"
    nvim.keys(":InstantEditPrevious<CR>")
    assert nvim.preview()[0] == "    one = 1"
    nvim.keys(":InstantEditNext<CR>:InstantEditNext<CR>")
    nvim.until("require('instant_edit').statusline() == 'instant-edit: 3 of 3'")
    assert nvim.preview()[0] == "    three = 3"
    nvim.keys(":InstantEditPrevious<CR>:InstantEditAccept<CR>")
    assert nvim.lines()[1] == "    two = 2"


def test_cancel_stops_denoising_and_leaves_no_trace(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"hold": true}<CR>')
    nvim.until_step()
    nvim.keys(":InstantEditCancel<CR>")
    assert (nvim.statusline(), nvim.preview(), nvim.text()) == ("", [], CODE)
    nvim.until("vim.tbl_isempty(vim.lsp.get_clients()[1].requests)")
    nvim.keys(":2InstantEdit! fill<CR>")  # the server is free again
    nvim.until("vim.fn.getline(2) == '    FILLED'")


def test_cancelling_a_retry_goes_back_to_the_candidate(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    script = '{"seeds": [["one = 1"], ["two = 2"]], "until": "go"}'
    nvim.keys(f":2InstantEdit {script}<CR>")
    nvim.until_step()
    nvim.lua("vim.fn.writefile({}, 'go')")
    nvim.until_ready()
    nvim.lua("vim.fn.delete('go')")
    nvim.keys(":InstantEditRetry<CR>")
    nvim.until_step()
    nvim.keys(":InstantEditCancel<CR>")
    assert nvim.statusline() == "instant-edit: 1 of 1"
    nvim.accept()
    assert nvim.lines()[1] == "    one = 1"


def test_what_the_gate_rejects_is_never_offered(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"texts": ["result = sum(("]}<CR>')
    nvim.until("require('instant_edit').statusline() == 'instant-edit: no edit'")
    footer, reason, *_ = nvim.preview()
    assert ":InstantEditRetry" in footer
    assert "line 2: a syntax error" in reason
    nvim.accept()
    nvim.until_says("nothing to accept")
    assert nvim.text() == CODE


def test_an_edit_that_changes_nothing_says_so(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"texts": ["result = sum(prices)"]}<CR>')
    nvim.until("require('instant_edit').statusline() == 'instant-edit: no edit'")
    assert "would stay as it is" in nvim.preview()[-1]


def test_a_new_edit_takes_the_place_of_the_one_before(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"hold": true}<CR>')
    nvim.until_step()
    nvim.keys(":7InstantEdit fill<CR>")
    nvim.until_ready()
    assert nvim.preview()[0] == "    FILLED"
    nvim.accept()
    assert nvim.text() == CODE.replace("return width * height", "FILLED")


def test_accepting_too_early_says_wait(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"hold": true}<CR>')
    nvim.until_step()
    nvim.accept()
    nvim.until_says("still denoising")
    assert nvim.text() == CODE


def test_keys_of_the_settings_work_while_an_edit_is_shown_and_only_then(open_nvim: Open) -> None:
    keys = "vim.g.instant_edit = { keys = { accept = '<CR>', cancel = '<Esc>' } }"
    nvim = open_nvim(CODE, more=f"{keys}\nvim.keymap.set('n', '<CR>', 'G', {{ buffer = 1 }})")
    nvim.keys(":2InstantEdit fill<CR>")
    nvim.until_ready()
    assert "<CR> accept" in nvim.preview()[-1]
    nvim.keys("<CR>")
    assert nvim.lines()[1] == "    FILLED"
    nvim.keys("<CR>")
    assert nvim.call("nvim_win_get_cursor", 0)[0] == 7
    assert nvim.lua("return vim.fn.maparg('<Esc>', 'n')") == ""
    nvim.keys(':2InstantEdit {"hold": true}<CR>')
    nvim.until_step()
    nvim.keys("<Esc>")
    assert nvim.statusline() == ""


def test_completion_names_the_kinds_of_edits(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    assert nvim.call("nvim_eval", "getcompletion('InstantEdit ', 'cmdline')") == ["fill", "rewrite"]
    assert nvim.call("nvim_eval", "getcompletion('InstantEdit f', 'cmdline')") == ["fill"]
