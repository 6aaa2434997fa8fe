---What the user points at, as ranges: lines, a motion, a selection of any shape.
local M = {}

local BLOCK = "\22" -- CTRL-V

---Whole lines, without the last line's end.
---@param bufnr integer
---@param first integer from 1
---@param last integer included
---@return instant_edit.Range
function M.lines(bufnr, first, last)
  local text = vim.api.nvim_buf_get_lines(bufnr, last - 1, last, true)[1]
  return {
    bufnr = bufnr,
    start_row = first - 1,
    start_col = 0,
    end_row = last - 1,
    end_col = #text,
  }
end

---The ranges between two marks of the current buffer; a block gives one for each line.
---@param first string a mark for getpos(), such as "'<"
---@param last string
---@param shape "v"|"V"|"\22"
---@return instant_edit.Range[]
function M.between(first, last, shape)
  local bufnr = vim.api.nvim_get_current_buf()
  if shape == "V" then
    return { M.lines(bufnr, vim.fn.line(first), vim.fn.line(last)) }
  end
  local pairs_of_lines =
    vim.fn.getregionpos(vim.fn.getpos(first), vim.fn.getpos(last), { type = shape })
  local pieces = {} ---@type instant_edit.Range[]
  local ragged = shape == BLOCK and M._to_line_ends(first, last)
  for _, ends in ipairs(pairs_of_lines) do
    ends[2][3] = ragged and vim.v.maxcol or ends[2][3]
    pieces[#pieces + 1] = M._piece(bufnr, ends[1], ends[2])
  end
  return shape == BLOCK and M._not_empty(pieces) or { M._joined(pieces) }
end

---What the operator was given.
---@param motion "char"|"line"|"block"
---@return instant_edit.Range[]
function M.of_operator(motion)
  return M.between("'[", "']", ({ char = "v", line = "V", block = BLOCK })[motion])
end

---What a command was given: the last selection where its lines are named, whole lines otherwise.
---@param options {range: integer, line1: integer, line2: integer}
---@return instant_edit.Range[]
function M.of_command(options)
  local shape = vim.fn.visualmode()
  local selected = vim.fn.line("'<") == options.line1 and vim.fn.line("'>") == options.line2
  if options.range == 2 and selected and shape ~= "" then
    return M.between("'<", "'>", shape)
  end
  return { M.lines(vim.api.nvim_get_current_buf(), options.line1, options.line2) }
end

---A range in units of the server.
---@param bufnr integer
---@param range lsp.Range
---@param encoding "utf-8"|"utf-16"|"utf-32"
---@return instant_edit.Range
function M.of_server(bufnr, range, encoding)
  local function column(position)
    local line = vim.api.nvim_buf_get_lines(bufnr, position.line, position.line + 1, true)[1]
    return vim.str_byteindex(line, encoding, position.character)
  end
  return {
    bufnr = bufnr,
    start_row = range.start.line,
    start_col = column(range.start),
    end_row = range["end"].line,
    end_col = column(range["end"]),
  }
end

---Whether the block between these marks is the last selection, made with `$`.
---@param first string
---@param last string
---@return boolean
function M._to_line_ends(first, last)
  if vim.fn.line(first) ~= vim.fn.line("'<") or vim.fn.line(last) ~= vim.fn.line("'>") then
    return false
  end
  local view = vim.fn.winsaveview()
  vim.cmd("normal! gv") -- only the selection itself knows
  local wanted = vim.fn.getcurpos()[5]
  vim.cmd("normal! \27")
  vim.fn.winrestview(view)
  return wanted == vim.v.maxcol
end

---One line's part of a region, from a pair of inclusive positions of getregionpos().
---@return instant_edit.Range
function M._piece(bufnr, first, last)
  local row = first[2] - 1
  local line = vim.api.nvim_buf_get_lines(bufnr, row, row + 1, true)[1]
  return {
    bufnr = bufnr,
    start_row = row,
    start_col = math.min(math.max(first[3] - 1, 0), #line),
    end_row = row,
    end_col = M._after(line, last[3]),
  }
end

---The column behind the character, with what combines with it, that has this byte (from 1).
---@param line string
---@param byte integer
---@return integer
function M._after(line, byte)
  if byte == 0 or byte > #line then
    return math.min(byte, #line)
  end
  local character = vim.fn.charidx(line, byte - 1)
  local behind = vim.fn.byteidx(line, character + 1)
  return behind < 0 and #line or behind
end

---@param pieces instant_edit.Range[]
---@return instant_edit.Range
function M._joined(pieces)
  local first, last = pieces[1], pieces[#pieces]
  return vim.tbl_extend("force", first, { end_row = last.end_row, end_col = last.end_col })
end

---@param pieces instant_edit.Range[]
---@return instant_edit.Range[]
function M._not_empty(pieces)
  return vim.tbl_filter(function(piece)
    return piece.end_col > piece.start_col
  end, pieces)
end

return M
