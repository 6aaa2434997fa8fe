---The arguments of the commands.
local selection = require("instant_edit.selection")

local M = {}

local FILL, REWRITE = "fill", "rewrite"
local STATUS_TIMEOUT_MS = 200

---`:[range]InstantEdit[!] [instruction]`
---@param options {args: string, bang: boolean, range: integer, line1: integer, line2: integer}
function M.edit(options)
  require("instant_edit").edit({
    ranges = options.range > 0 and selection.of_command(options) or nil,
    instruction = M._instruction(options.args),
    immediate = options.bang,
  })
end

---`:[range]InstantEditAdd`
---@param options {range: integer, line1: integer, line2: integer}
function M.add(options)
  require("instant_edit").add(selection.of_command(options))
end

---Completion: the kinds of edits that the server names.
---@param typed string
---@return string[]
function M.complete(typed)
  local words = vim.tbl_map(function(kind)
    return kind.id
  end, M._kinds())
  return vim.tbl_filter(function(word)
    return vim.startswith(word, typed)
  end, words)
end

---The id of a kind stands for its title; any other text is the instruction itself.
---@param argument string
---@return string? instruction nil where the user is to be asked
function M._instruction(argument)
  if argument == FILL then
    return ""
  elseif argument == REWRITE or argument == "" then
    return nil
  end
  for _, kind in ipairs(M._kinds()) do
    if kind.id == argument then
      return kind.title
    end
  end
  return argument
end

---@return {id: string, title: string}[]
function M._kinds()
  local client_side = require("instant_edit.client")
  local client = client_side.get(vim.api.nvim_get_current_buf())
  local status = client and client_side.status(client, STATUS_TIMEOUT_MS)
  return status and status.kinds or { { id = FILL }, { id = REWRITE } }
end

return M
