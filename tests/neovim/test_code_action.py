"""Code actions through Neovim's own vim.lsp.buf.code_action()."""

from __future__ import annotations

from tests.neovim.conftest import Open
from tests.neovim.driver import Nvim

CODE = """\
def total(prices, rate):
    result = sum(prices)
    return result * rate
"""
DIAGNOSTIC = """
local space = vim.api.nvim_create_namespace("another.linter")
vim.diagnostic.set(space, 0, {{
  lnum = 1, col = 13, end_lnum = 1, end_col = 24, message = "use max", source = "linter",
}})
"""


def choose(nvim: Nvim, title: str) -> None:
    """Answer the next question with the item of this title."""
    nvim.lua(
        """
        local title = ...
        vim.ui.select = function(items, options, callback)
          for _, item in ipairs(items) do
            if options.format_item(item) == title then return callback(item) end
          end
          error("no such item: " .. title)
        end
        """,
        title,
    )


def test_fill_this_span(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    choose(nvim, "Fill this span")
    nvim.keys("2GVgra<Esc>")
    nvim.until("vim.fn.getline(2) == '    FILLED'")
    nvim.keys("u")
    assert nvim.text() == CODE


def test_rewrite_asks_for_an_instruction_and_shows_a_preview(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.lua("vim.ui.input = function(_, callback) callback('as a maximum') end")
    choose(nvim, "Rewrite…")
    nvim.keys("2GVgra<Esc>")
    nvim.until_ready()
    assert nvim.preview()[0] == "    as_a_maximum"
    nvim.accept()
    assert nvim.lines()[1] == "    as_a_maximum"


def test_a_diagnostic_of_another_source_gives_a_quick_fix(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.lua(DIAGNOSTIC)
    choose(nvim, "Instant edit: use max")
    nvim.keys("2Ggra")
    nvim.until("vim.bo.modified")
    assert nvim.lines()[1] == "    result = use_max"


def test_an_answer_that_comes_after_a_change_is_refused(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    choose(nvim, "Fill this span")
    nvim.lua(
        """
        -- The user types in the very moment in which the answer is on its way.
        local client = vim.lsp.get_clients()[1]
        local request = client.request
        client.request = function(self, method, params, handler, bufnr)
          if method == "codeAction/resolve" then
            request(self, method, params, handler, bufnr)
            vim.api.nvim_buf_set_lines(0, 0, 0, false, { "# typed" })
          else
            return request(self, method, params, handler, bufnr)
          end
        end
        """
    )
    nvim.keys("2GVgra<Esc>")
    nvim.until_says("changed")
    assert nvim.text() == "# typed\n" + CODE


def test_fix_rewrites_the_lines_of_a_diagnostic_with_a_preview(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.lua(DIAGNOSTIC)
    nvim.keys("2G:InstantEditFix<CR>")
    nvim.until_ready()
    assert nvim.preview()[0] == "    use_max"
    nvim.accept()
    assert nvim.lines()[1] == "    use_max"


def test_fix_without_a_diagnostic_says_so(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.keys(":InstantEditFix<CR>")
    nvim.until_says("no diagnostic on this line")


RUN = """
local version = ...
vim.lsp.get_clients()[1]:exec_cmd({
  command = "instantEdit.edit",
  arguments = {{
    textDocument = { uri = vim.uri_from_bufnr(0), version = version },
    range = { start = { line = 1, character = 4 }, ["end"] = { line = 1, character = 24 } },
    instruction = '{"texts": ["result = 1"], "until": "go"}',
  }},
})
"""


def test_an_edit_that_the_server_sends_is_applied(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.lua("vim.fn.writefile({}, 'go')")
    nvim.lua(RUN, 0)
    nvim.until("vim.fn.getline(2) == '    result = 1'")


def test_an_edit_that_the_server_sends_for_another_version_is_refused(open_nvim: Open) -> None:
    nvim = open_nvim(CODE)
    nvim.lua(
        """
        local uri = vim.uri_from_bufnr(0)
        local edit = { documentChanges = {{
          textDocument = { uri = uri, version = 0 },
          edits = {{ newText = "x", range = {
            start = { line = 0, character = 0 }, ["end"] = { line = 0, character = 3 } } }},
        }}}
        vim.api.nvim_buf_set_lines(0, 0, 0, false, { "# typed" })
        local client = vim.lsp.get_clients()[1]
        _G.answer = client.handlers["workspace/applyEdit"](
          nil, { edit = edit }, { client_id = client.id })
        """
    )
    assert nvim.lua("return _G.answer.applied") is False
    assert "the edit is for 0" in nvim.lua("return _G.answer.failureReason")
    assert nvim.text() == "# typed\n" + CODE
