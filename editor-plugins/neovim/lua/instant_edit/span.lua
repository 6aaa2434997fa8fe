---A piece of a buffer which is being edited: an extmark follows it while the user types.
local NAMESPACE = vim.api.nvim_create_namespace("instant_edit.span")

---@class instant_edit.Span
---@field bufnr integer
---@field text string what stood in it when it was marked, lines joined by "\n"
---@field private mark integer
---@field private lines string[] of `text`
---@field private origin {row: integer, prefix: string} where it was when last anchored
local Span = {}
Span.__index = Span

---Mark a range. Text typed at its ends stays outside.
---@param range instant_edit.Range
---@return instant_edit.Span
function Span.new(range)
  local mark =
    vim.api.nvim_buf_set_extmark(range.bufnr, NAMESPACE, range.start_row, range.start_col, {
      end_row = range.end_row,
      end_col = range.end_col,
      right_gravity = true,
      end_right_gravity = false,
    })
  local self = setmetatable({ bufnr = range.bufnr, mark = mark }, Span)
  self.lines = self:_read()
  self.text = table.concat(self.lines, "\n")
  self:anchor()
  return self
end

---Where it is now; nil when its buffer has gone.
---@return instant_edit.Range?
function Span:range()
  if not vim.api.nvim_buf_is_loaded(self.bufnr) then
    return nil
  end
  local row, col, details =
    unpack(vim.api.nvim_buf_get_extmark_by_id(self.bufnr, NAMESPACE, self.mark, { details = true }))
  if not row then
    return nil
  end
  local end_row, end_col = details.end_row, details.end_col
  if end_row < row or (end_row == row and end_col < col) then
    end_row, end_col = row, col -- an empty span at which something was typed
  end
  return {
    bufnr = self.bufnr,
    start_row = row,
    start_col = col,
    end_row = end_row,
    end_col = end_col,
  }
end

---Whether it still holds the text that it held when it was marked.
---@return boolean
function Span:intact()
  return self:range() ~= nil and table.concat(self:_read(), "\n") == self.text
end

---Take the present place as the one that positions of the server refer to.
function Span:anchor()
  local range = assert(self:range())
  local line =
    vim.api.nvim_buf_get_lines(self.bufnr, range.start_row, range.start_row + 1, false)[1]
  self.origin = { row = range.start_row, prefix = line:sub(1, range.start_col) }
end

---Where it is now, in units of the server.
---@param encoding "utf-8"|"utf-16"|"utf-32"
---@return lsp.Range
function Span:lsp_range(encoding)
  local range = assert(self:range())
  local function position(row, col)
    local line = vim.api.nvim_buf_get_lines(self.bufnr, row, row + 1, false)[1]
    return { line = row, character = vim.str_utfindex(line, encoding, col) }
  end
  return {
    start = position(range.start_row, range.start_col),
    ["end"] = position(range.end_row, range.end_col),
  }
end

---How many bytes of `text` stand before a position of the server; nil where it is outside.
---@param position lsp.Position
---@param encoding "utf-8"|"utf-16"|"utf-32"
---@return integer?
function Span:offset(position, encoding)
  local row = position.line - self.origin.row
  local line = self.lines[row + 1]
  if row < 0 or not line then
    return nil
  end
  local prefix = row == 0 and self.origin.prefix or ""
  local known, byte = pcall(vim.str_byteindex, prefix .. line, encoding, position.character)
  if not known or byte < #prefix then
    return nil
  end
  local offset = byte - #prefix
  for index = 1, row do
    offset = offset + #self.lines[index] + 1
  end
  return offset
end

---Row and column, now, of an offset in `text`; meaningful only while it is intact.
---@param offset integer
---@return integer row
---@return integer col
function Span:place(offset)
  local range = assert(self:range())
  local before = vim.split(self.text:sub(1, offset), "\n", { plain = true })
  local last = #before[#before]
  if #before == 1 then
    return range.start_row, range.start_col + last
  end
  return range.start_row + #before - 1, last
end

---Let go of the mark.
function Span:forget()
  if vim.api.nvim_buf_is_valid(self.bufnr) then
    vim.api.nvim_buf_del_extmark(self.bufnr, NAMESPACE, self.mark)
  end
end

---@return string[]
function Span:_read()
  local range = assert(self:range())
  return vim.api.nvim_buf_get_text(
    self.bufnr,
    range.start_row,
    range.start_col,
    range.end_row,
    range.end_col,
    {}
  )
end

return Span
