---Diagnostics of any source, as reasons to edit.
local M = {}

---Let the user choose among the diagnostics of the current line; alone, it is chosen at once.
---@param callback fun(diagnostic: vim.Diagnostic)
function M.choose(callback)
  local line = vim.fn.line(".") - 1
  local found = vim.diagnostic.get(0, { lnum = line })
  if #found == 0 then
    return require("instant_edit.say").info("there is no diagnostic on this line")
  elseif #found == 1 then
    return callback(found[1])
  end
  vim.ui.select(found, {
    prompt = "Mend:",
    format_item = function(diagnostic)
      return diagnostic.message
    end,
  }, function(diagnostic)
    if diagnostic then
      callback(diagnostic)
    end
  end)
end

---The diagnostics in the lines of a range, in the form of the protocol.
---@param bufnr integer
---@param range lsp.Range
---@return lsp.Diagnostic[]
function M.within(bufnr, range)
  local found = vim.tbl_filter(function(diagnostic)
    local last = diagnostic.end_lnum or diagnostic.lnum
    return diagnostic.lnum <= range["end"].line and last >= range.start.line
  end, vim.diagnostic.get(bufnr))
  return vim.lsp.diagnostic.from(found)
end

return M
