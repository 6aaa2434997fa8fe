---Puts accepted changes into buffers: one undo step each, cursor, marks and folds where they belong.
local proposal = require("instant_edit.proposal")

local M = {}

---Make the changes. The caller has checked that the buffers hold the text they are meant for.
---@param spans instant_edit.Span[]
---@param changes instant_edit.Change[][]
function M.apply(spans, changes)
  for bufnr, indexes in pairs(M._by_buffer(spans)) do
    local marks = M._local_marks(bufnr)
    M._break_undo(bufnr)
    for _, index in ipairs(indexes) do
      M._apply_to(spans[index], changes[index])
    end
    M._restore(bufnr, marks)
  end
end

---The name of a buffer of these spans that may not be changed.
---@param spans instant_edit.Span[]
---@return string?
function M.forbidden(spans)
  for _, span in ipairs(spans) do
    if not vim.bo[span.bufnr].modifiable then
      local name = vim.api.nvim_buf_get_name(span.bufnr)
      return name ~= "" and vim.fn.fnamemodify(name, ":.") or ("buffer %d"):format(span.bufnr)
    end
  end
end

---@param span instant_edit.Span
---@param changes instant_edit.Change[]
function M._apply_to(span, changes)
  local sorted = proposal.sorted(changes)
  for index = #sorted, 1, -1 do
    local change = sorted[index]
    local row, col = span:place(change.from)
    local end_row, end_col = span:place(change.to)
    local lines = vim.split(change.text, "\n", { plain = true })
    vim.api.nvim_buf_set_text(span.bufnr, row, col, end_row, end_col, lines)
  end
end

---Begin a new undo step, even where the user is in the middle of typing.
---@param bufnr integer
function M._break_undo(bufnr)
  vim.bo[bufnr].undolevels = vim.bo[bufnr].undolevels
end

---@param spans instant_edit.Span[]
---@return table<integer, integer[]> indexes of spans by buffer
function M._by_buffer(spans)
  local by_buffer = vim.defaulttable(function()
    return {}
  end)
  for index, span in ipairs(spans) do
    table.insert(by_buffer[span.bufnr], index)
  end
  return by_buffer
end

---@param bufnr integer
---@return table<string, integer[]> positions by lower-case mark
function M._local_marks(bufnr)
  local marks = {}
  for _, mark in ipairs(vim.fn.getmarklist(bufnr)) do
    local name = mark.mark:match("^'(%l)$")
    if name then
      marks[name] = { mark.pos[2], mark.pos[3] - 1 }
    end
  end
  return marks
end

---Set again the marks that went with lines which are no more.
---@param bufnr integer
---@param marks table<string, integer[]>
function M._restore(bufnr, marks)
  local kept = M._local_marks(bufnr)
  local last = vim.api.nvim_buf_line_count(bufnr)
  for name, position in pairs(marks) do
    if not kept[name] then
      local line = math.min(position[1], last)
      local text = vim.api.nvim_buf_get_lines(bufnr, line - 1, line, true)[1]
      vim.api.nvim_buf_set_mark(bufnr, name, line, math.min(position[2], #text), {})
    end
  end
end

return M
