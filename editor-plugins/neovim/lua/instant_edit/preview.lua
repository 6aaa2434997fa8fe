---Shows drafts beside the text that they would replace. Only extmarks are set: no buffer changes.
local proposal = require("instant_edit.proposal")
local render = require("instant_edit.render")

local NAMESPACE = vim.api.nvim_create_namespace("instant_edit.preview")

local M = {}

---Show changes of spans, and lines under the last one that say how things stand.
---@param spans instant_edit.Span[]
---@param changes instant_edit.Change[][]
---@param footer instant_edit.Chunk[][]
---@param doubt number tokens less sure than this are dimmed
function M.show(spans, changes, footer, doubt)
  M.clear(spans)
  for index, span in ipairs(spans) do
    local range = span:range()
    if range then
      local mine = proposal.sorted(changes[index])
      M._draw(span, range, mine, index == #spans and footer or {}, doubt)
    end
  end
end

---Take away what is shown in the buffers of these spans.
---@param spans instant_edit.Span[]
function M.clear(spans)
  for _, span in ipairs(spans) do
    if vim.api.nvim_buf_is_valid(span.bufnr) then
      vim.api.nvim_buf_clear_namespace(span.bufnr, NAMESPACE, 0, -1)
    end
  end
end

---Show which ranges are marked for the next edit.
---@param spans instant_edit.Span[]
function M.show_marked(spans)
  M.clear(spans)
  for _, span in ipairs(spans) do
    local range = span:range()
    if range then
      M._highlight(range, "InstantEditMarked")
    end
  end
end

function M._draw(span, range, changes, footer, doubt)
  local below = {} ---@type instant_edit.Chunk[][]
  if #changes > 0 then
    local chunks = render.chunks(span.text, changes, doubt)
    local draft = proposal.applied(span.text, changes)
    M._highlight(range, "InstantEditOld")
    if render.fits_inline(span.text, draft, M._alone(range)) then
      M._inline(range, chunks)
    else
      below = render.lines(M._in_whole_lines(range, chunks))
    end
  end
  M._below(range, vim.list_extend(below, footer))
end

---@param range instant_edit.Range
---@param group string
function M._highlight(range, group)
  vim.api.nvim_buf_set_extmark(range.bufnr, NAMESPACE, range.start_row, range.start_col, {
    end_row = range.end_row,
    end_col = range.end_col,
    hl_group = group,
    priority = 300, -- above syntax, tree-sitter and the server's semantic tokens
  })
end

---@param range instant_edit.Range
---@param chunks instant_edit.Chunk[]
function M._inline(range, chunks)
  vim.api.nvim_buf_set_extmark(range.bufnr, NAMESPACE, range.end_row, range.end_col, {
    virt_text = chunks,
    virt_text_pos = "inline",
  })
end

---@param range instant_edit.Range
---@param lines instant_edit.Chunk[][]
function M._below(range, lines)
  if #lines == 0 then
    return
  end
  local tabstop = vim.bo[range.bufnr].tabstop
  vim.api.nvim_buf_set_extmark(range.bufnr, NAMESPACE, range.end_row, 0, {
    virt_lines = vim.tbl_map(function(line)
      return render.untabbed(line, tabstop)
    end, lines),
  })
end

---Whether nothing but blanks stands beside a range in its lines.
---@param range instant_edit.Range
---@return boolean
function M._alone(range)
  local before, behind = M._beside(range)
  return (before .. behind):find("%S") == nil
end

---The chunks between what stands before and behind the range in its lines.
---@return instant_edit.Chunk[]
function M._in_whole_lines(range, chunks)
  local before, behind = M._beside(range)
  local whole = { { before, "InstantEditKept" } }
  vim.list_extend(whole, chunks)
  whole[#whole + 1] = { behind, "InstantEditKept" }
  return whole
end

---@return string before
---@return string behind
function M._beside(range)
  local lines = vim.api.nvim_buf_get_lines(range.bufnr, range.start_row, range.end_row + 1, false)
  return lines[1]:sub(1, range.start_col), lines[#lines]:sub(range.end_col + 1)
end

return M
