"""Every way to point at text, in text of every kind."""

from __future__ import annotations

import pytest

from tests.neovim.conftest import Open

CODE = """\
def total(prices, rate):
    result = sum(prices)
    return result * rate
"""
WIDE = "title = '日本語 👍🏽 e\u0301ß'  # 値\nname = '😀😀' + '漢字' + 'z'\n"
MAP = "vim.keymap.set({ 'n', 'x' }, 'gi', '<Plug>(InstantEdit)')\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_emoji_cjk_and_combining_marks_keep_their_places(open_nvim: Open, encoding: str) -> None:
    offered = f"{{ general = {{ positionEncodings = {{ '{encoding}' }} }} }}"
    nvim = open_nvim(WIDE, more=f"vim.lsp.config('instant_edit', {{ capabilities = {offered} }})")
    assert nvim.lua("return vim.lsp.get_clients()[1].offset_encoding") == encoding
    nvim.keys("2Gf漢hvf字l")  # '漢字' with its quotes
    nvim.keys(""":InstantEdit {"texts": ["'字👩‍👩‍👧漢'"]}<CR>""")
    nvim.until_ready()
    assert nvim.preview()[0] == "'字👩‍👩‍👧漢'"
    nvim.accept()
    assert nvim.text() == WIDE.replace("漢字", "字👩‍👩‍👧漢")


def test_a_selection_that_ends_on_a_combined_character_takes_all_of_it(open_nvim: Open) -> None:
    nvim = open_nvim("x = ae\u0301\ny = 1\n")
    nvim.keys("1Gfav$h")
    nvim.keys(':InstantEdit! {"texts": ["b"]}<CR>')
    nvim.until("vim.bo.modified")
    assert nvim.text() == "x = b\ny = 1\n"


@pytest.mark.parametrize("selection", ["inclusive", "exclusive"])
def test_selection_option_is_honoured(open_nvim: Open, selection: str) -> None:
    nvim = open_nvim(CODE, more=f"vim.o.selection = '{selection}'")
    nvim.keys("2Gf=wv2l" + ("l" if selection == "exclusive" else ""))
    nvim.keys(':InstantEdit! {"texts": ["max"]}<CR>')
    nvim.until("vim.bo.modified")
    assert nvim.lines()[1] == "    result = max(prices)"


def test_a_block_is_one_span_for_each_line(open_nvim: Open) -> None:
    nvim = open_nvim("a = 10\nb = 20\n\nc = 30\n")
    nvim.keys("1G0ww<C-v>3jl")
    nvim.keys(':InstantEdit {"texts": ["1", "2", "3"]}<CR>')
    nvim.until_ready()
    nvim.accept()
    assert nvim.text() == "a = 1\nb = 2\n\nc = 3\n"
    nvim.keys("u")
    assert nvim.text() == "a = 10\nb = 20\n\nc = 30\n"


def test_a_block_to_the_line_ends_takes_each_line_to_its_end(open_nvim: Open) -> None:
    nvim = open_nvim("a = 10\nb = 2000\nc = 3\n", more=MAP)
    nvim.keys('1G0ww<C-v>jj$gi{"texts": ["1", "2", "3"]}<CR>')
    nvim.until_ready()
    nvim.accept()
    assert nvim.text() == "a = 1\nb = 2\nc = 3\n"


def test_marked_ranges_are_denoised_together_and_undone_together(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys("1Gfpve:InstantEditAdd<CR>2Gf(lve:InstantEditAdd<CR>")
    assert "InstantEditMarked" in nvim.groups()
    nvim.keys(':InstantEdit {"texts": ["costs", "costs"]}<CR>')
    nvim.until_ready()
    assert nvim.preview()[:2] == ["costs", "costs"]
    nvim.accept()
    assert nvim.text() == CODE.replace("prices", "costs")
    nvim.keys("u")
    assert nvim.text() == CODE


def test_marked_ranges_can_be_let_go(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(":2InstantEditAdd<CR>:InstantEditCancel<CR>:3InstantEdit! fill<CR>")
    nvim.until("vim.bo.modified")
    assert nvim.text() == CODE.replace("return result * rate", "FILLED")


def test_the_operator_takes_a_text_object_and_is_repeated_without_asking(open_nvim: Open) -> None:
    nvim = open_nvim("one = f(1)\ntwo = f(22)\n", more=MAP)
    nvim.keys("1Gf1giib<CR>")  # gi, inner block, empty instruction
    nvim.until_ready()
    nvim.keys(":InstantEditAccept<CR>2Gf2.")
    nvim.until_ready()
    nvim.accept()
    assert nvim.text() == "one = f(FILLED)\ntwo = f(FILLED)\n"


def test_a_count_and_lines_work_with_the_operator(open_nvim: Open) -> None:
    nvim = open_nvim("a = 1\nb = 2\nc = 3\n", more=MAP)
    nvim.keys('1Ggij{"texts": ["d = 4"]}<CR>')
    nvim.until_ready()
    nvim.accept()
    assert nvim.text() == "d = 4\nc = 3\n"


def test_a_selection_through_the_mapping(open_nvim: Open) -> None:
    nvim = open_nvim(CODE, more=MAP)
    nvim.keys("3G^wvegi<CR>")
    nvim.until_ready()
    nvim.accept()
    assert nvim.lines()[2] == "    return FILLED * rate"


def test_spans_in_two_buffers_are_one_request(open_nvim: Open) -> None:
    nvim = open_nvim("a = 1\n")
    nvim.keys(":1InstantEditAdd<CR>:edit other.py<CR>ib = 2<Esc>:1InstantEditAdd<CR>")
    nvim.until("#vim.lsp.get_clients({ bufnr = 0 }) == 1")
    nvim.keys(':InstantEdit {"texts": ["a = b = 3"]}<CR>')
    nvim.until_ready()
    nvim.accept()
    first, second = nvim.call("nvim_list_bufs")
    read = "return vim.api.nvim_buf_get_lines(..., 0, -1, true)"
    assert nvim.lua(read, first) == ["a = b = 3"]
    assert nvim.lua(read, second) == ["a = b = 3"]


def test_dos_line_ends_stay(open_nvim: Open) -> None:
    nvim = open_nvim("def f():\r\n    a = 1\r\n    return a\r\n")
    nvim.keys(':2InstantEdit! {"texts": ["a = 1\\n    b = 2"]}<CR>')
    nvim.until("vim.bo.modified")
    nvim.keys(":write<CR>")
    assert nvim.lines() == ["def f():", "    a = 1", "    b = 2", "    return a"]
    raw = nvim.lua("return vim.fn.readblob(vim.fn.expand('%'))")
    assert raw == "def f():\r\n    a = 1\r\n    b = 2\r\n    return a\r\n"


def test_tabs_are_as_wide_in_the_preview_as_in_the_buffer(open_nvim: Open) -> None:
    nvim = open_nvim("func f() {\n\ta := 1\n\t_ = a\n}\n", "f.go", "vim.o.tabstop = 4")
    nvim.keys(':2InstantEdit {"texts": ["a := 2"]}<CR>')
    nvim.until_ready()
    assert nvim.preview()[0] == "    a := 2"
