---The text of the buffers that a request was made for: an answer is good for that text only.
---@class instant_edit.Snapshot
---@field private buffers table<integer, {tick: integer, text: string, version: integer}>
local Snapshot = {}
Snapshot.__index = Snapshot

---@param bufnr integer
---@return string
local function text_of(bufnr)
  return table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false), "\n")
end

---Take the text of the buffers of these spans as it is now, and anchor the spans in it.
---@param spans instant_edit.Span[]
---@return instant_edit.Snapshot
function Snapshot.take(spans)
  local self = setmetatable({ buffers = {} }, Snapshot)
  for _, span in ipairs(spans) do
    span:anchor()
    self.buffers[span.bufnr] = self.buffers[span.bufnr]
      or {
        tick = vim.api.nvim_buf_get_changedtick(span.bufnr),
        text = text_of(span.bufnr),
        version = vim.lsp.util.buf_versions[span.bufnr],
      }
  end
  return self
end

---Whether every buffer still holds exactly this text, whatever happened in between.
---@return boolean
function Snapshot:current()
  for bufnr, was in pairs(self.buffers) do
    if not vim.api.nvim_buf_is_loaded(bufnr) then
      return false
    end
    local untouched = vim.api.nvim_buf_get_changedtick(bufnr) == was.tick
    if not untouched and text_of(bufnr) ~= was.text then
      return false
    end
  end
  return true
end

---The version which the server has of a buffer of this snapshot.
---@param bufnr integer
---@return integer?
function Snapshot:version(bufnr)
  return self.buffers[bufnr] and self.buffers[bufnr].version
end

return Snapshot
