---Notices when the user changes the text that an edit is about.
local M = {}

---Call back, outside of the change itself, after every change of a buffer of these spans.
---@param spans instant_edit.Span[]
---@param over fun(): boolean whether nobody listens any more
---@param on_change fun()
---@param on_gone fun() a buffer was unloaded
function M.buffers(spans, over, on_change, on_gone)
  local change = vim.schedule_wrap(on_change)
  local watched = {}
  for _, span in ipairs(spans) do
    if not watched[span.bufnr] then
      watched[span.bufnr] = vim.api.nvim_buf_attach(span.bufnr, false, {
        on_lines = function()
          if over() then
            return true -- stop listening
          end
          change()
        end,
        on_reload = change,
        on_detach = vim.schedule_wrap(on_gone),
      })
    end
  end
end

return M
