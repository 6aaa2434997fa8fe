local Span = require("instant_edit.span")

---A span over a piece of a fresh buffer.
local function span_of(lines, start_row, start_col, end_row, end_col)
  vim.api.nvim_buf_set_lines(0, 0, -1, false, lines)
  return Span.new({
    bufnr = vim.api.nvim_get_current_buf(),
    start_row = start_row,
    start_col = start_col,
    end_row = end_row,
    end_col = end_col,
  })
end

local function at(line, character)
  return { line = line, character = character }
end

local TEXT = { "é = '😀漢'", "x = 1", "z" }

return {
  ["it knows its text, over lines too"] = function(expect)
    expect(span_of(TEXT, 0, 5, 1, 1).text, "'😀漢'\nx")
  end,
  ["positions are found in every encoding and given back as offsets of bytes"] = function(expect)
    local span = span_of(TEXT, 0, 5, 1, 5)
    for encoding, characters in pairs({
      ["utf-8"] = { 5, 10, 13 },
      ["utf-16"] = { 4, 7, 8 },
      ["utf-32"] = { 4, 6, 7 },
    }) do
      expect(span:lsp_range(encoding).start, at(0, characters[1]))
      expect(span:offset(at(0, characters[1]), encoding), 0)
      expect(span:offset(at(0, characters[2]), encoding), 5)
      expect(span:offset(at(0, characters[3]), encoding), 8)
      expect(span:offset(at(1, 0), encoding), 10)
      expect(span:offset(at(1, 5), encoding), 15)
    end
  end,
  ["positions outside it have no offset"] = function(expect)
    local span = span_of(TEXT, 0, 5, 1, 3)
    expect(span:offset(at(0, 4), "utf-8"), nil)
    expect(span:offset(at(1, 4), "utf-8"), nil)
    expect(span:offset(at(2, 0), "utf-8"), nil)
    expect(span:offset(at(0, 99), "utf-8"), nil)
  end,
  ["offsets are found again in the buffer, after it has moved"] = function(expect)
    local span = span_of(TEXT, 0, 5, 1, 5)
    vim.api.nvim_buf_set_lines(0, 0, 0, false, { "new" })
    vim.api.nvim_buf_set_text(0, 1, 0, 1, 0, { ">" })
    expect(span:intact(), true)
    expect({ span:place(0) }, { 1, 6 })
    expect({ span:place(10) }, { 2, 0 })
    expect({ span:place(15) }, { 2, 5 })
  end,
  ["text typed at its ends is not its own; text typed in it breaks it"] = function(expect)
    local span = span_of({ "abc" }, 0, 1, 0, 2)
    vim.api.nvim_buf_set_text(0, 0, 1, 0, 1, { "<" })
    vim.api.nvim_buf_set_text(0, 0, 3, 0, 3, { ">" })
    expect(vim.api.nvim_get_current_line(), "a<b>c")
    expect(span:intact(), true)
    vim.api.nvim_buf_set_text(0, 0, 2, 0, 3, { "" })
    expect(span:intact(), false)
  end,
  ["an empty span stays empty where something is typed at it"] = function(expect)
    local span = span_of({ "ab" }, 0, 1, 0, 1)
    expect({ span.text, span:intact() }, { "", true })
    vim.api.nvim_buf_set_text(0, 0, 1, 0, 1, { "x" })
    expect(span:intact(), true)
  end,
  ["a buffer that is gone breaks it"] = function(expect)
    local span = span_of({ "ab" }, 0, 0, 0, 1)
    vim.cmd("bwipeout!")
    expect(span:intact(), false)
    span:forget()
  end,
}
