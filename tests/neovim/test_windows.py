"""Where everything else is after an edit: cursor, marks, folds, other windows, undo."""

from __future__ import annotations

from tests.neovim.conftest import Open

CODE = """\
def first(value):
    result = value
    return result


def second(value):
    result = value + 1
    return result


def third(value):
    result = value + 2
    return result
"""
LONGER = 'InstantEdit! {"texts": ["result = (\\n        value\\n        + 3\\n    )"]}'


def test_the_cursor_stays_where_it_was_in_every_window(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys("13G5|:split<CR>1G3|")
    nvim.keys(f":7{LONGER}<CR>")
    nvim.until("vim.bo.modified")
    nvim.keys("1G3|")
    assert nvim.lua("return vim.fn.line('.', vim.fn.win_getid(2))") == 16
    assert nvim.lua("return vim.fn.col('.', vim.fn.win_getid(2))") == 5


def test_both_windows_on_a_buffer_show_the_preview_and_the_edit(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(":set laststatus=2<CR>:vsplit<CR>:2InstantEdit fill<CR>")
    nvim.until_ready()
    row = nvim.lua(SCREEN)[2]
    assert row.count("    FILLED") == 2
    nvim.keys("<C-w>w:InstantEditAccept<CR>")
    assert nvim.lines()[1] == "    FILLED"
    assert nvim.lua(SCREEN)[1].count("    FILLED") == 2


def test_marks_above_below_and_in_the_edit_stay(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys("1Gma7Gmb8Gmc")
    nvim.keys(f":7{LONGER}<CR>")
    nvim.until("vim.bo.modified")
    at = {name: nvim.call("nvim_buf_get_mark", 0, name)[0] for name in "abc"}
    assert at == {"a": 1, "b": 7, "c": 11}


def test_a_mark_on_a_line_that_goes_is_kept(open_nvim: Open) -> None:
    nvim = open_nvim("a = (\n    1,\n    2,\n)\nb = 2\n")
    nvim.keys("3Gma5Gmb")
    nvim.keys(':1,4InstantEdit! {"texts": ["a = 1"]}<CR>')
    nvim.until("vim.bo.modified")
    assert nvim.text() == "a = 1\nb = 2\n"
    assert nvim.call("nvim_buf_get_mark", 0, "a")[0] in (1, 2)
    assert nvim.call("nvim_buf_get_mark", 0, "b")[0] == 2


def test_closed_folds_stay_closed(open_nvim: Open) -> None:
    nvim = open_nvim(CODE, more="vim.o.foldmethod = 'manual'")
    nvim.keys(":1,3fold<CR>:11,13fold<CR>")
    nvim.keys(f":7{LONGER}<CR>")
    nvim.until("vim.bo.modified")
    closed = "return { vim.fn.foldclosed(1), vim.fn.foldclosedend(1), vim.fn.foldclosed(15) }"
    assert nvim.lua(closed) == [1, 3, 14]


SCREEN = """
vim.cmd.redraw()
local rows = {}
for row = 1, vim.o.lines do
  local cells = {}
  for column = 1, vim.o.columns do cells[column] = vim.fn.screenstring(row, column) end
  rows[row] = table.concat(cells)
end
return rows
"""


def test_the_screen_shows_old_text_draft_and_what_can_be_done(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(':2InstantEdit {"texts": ["result = (\\n        value\\n    )"]}<CR>')
    nvim.until_ready()
    rows = [row.rstrip() for row in nvim.lua(SCREEN)]
    assert rows[:7] == [
        "def first(value):",
        "    result = value",
        "    result = (",
        "        value",
        "    )",
        " instant-edit  1 of 1 · :InstantEditAccept · :InstantEditRetry · :InstantEditCanc"[:80],
        "    return result",
    ]
