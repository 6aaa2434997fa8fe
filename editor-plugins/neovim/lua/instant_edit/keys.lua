---Keys that work while an edit is shown, for those who set some; see `keys` in the settings.
local config = require("instant_edit.config")

local M = {}

---@type table<instant_edit.Session, {bufnr: integer, lhs: string, before?: table}[]>
local replaced = setmetatable({}, { __mode = "k" })

---Map the keys of the settings in the buffers of a session, once it is to be seen.
---@param session instant_edit.Session
function M.set(session)
  if replaced[session] then
    return
  end
  replaced[session] = {}
  local done = {}
  for _, span in ipairs(session.spans) do
    if not done[span.bufnr] then
      done[span.bufnr] = true
      for action, lhs in pairs(config.get().keys) do
        M._map(session, span.bufnr, lhs, action)
      end
    end
  end
end

---Give the keys their old meaning back.
---@param session instant_edit.Session
function M.restore(session)
  for _, mapping in ipairs(replaced[session] or {}) do
    if vim.api.nvim_buf_is_loaded(mapping.bufnr) then
      vim.api.nvim_buf_call(mapping.bufnr, function()
        pcall(vim.keymap.del, "n", mapping.lhs, { buffer = mapping.bufnr }) -- the user may have
        if mapping.before then
          vim.fn.mapset(mapping.before)
        end
      end)
    end
  end
  replaced[session] = nil
end

---The key for an action: one of the settings, or one that is mapped to its <Plug> mapping.
---@param session instant_edit.Session
---@param action string
---@return string?
function M.of(session, action)
  local set = config.get().keys[action]
  if set or session.state == "closed" then
    return set
  end
  local plug = ("<Plug>(InstantEdit%s)"):format(action:sub(1, 1):upper() .. action:sub(2))
  for _, mapping in ipairs(vim.api.nvim_get_keymap("n")) do
    if mapping.rhs == plug then
      return mapping.lhs
    end
  end
end

function M._map(session, bufnr, lhs, action)
  local before = vim.api.nvim_buf_call(bufnr, function()
    return vim.fn.maparg(lhs, "n", false, true)
  end)
  vim.keymap.set("n", lhs, function()
    session[action](session)
  end, { buffer = bufnr, nowait = true, desc = "instant-edit: " .. action })
  table.insert(
    replaced[session],
    { bufnr = bufnr, lhs = lhs, before = before.buffer == 1 and before or nil }
  )
end

return M
