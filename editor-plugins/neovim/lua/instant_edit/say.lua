---What the user is told, through vim.notify().
local M = {}

---@param message string
---@param level integer
local function notify(message, level)
  vim.notify("instant-edit: " .. message, level, { title = "instant-edit" })
end

---Something to know.
---@param message string
function M.info(message)
  notify(message, vim.log.levels.INFO)
end

---Something did not come about.
---@param message string
function M.warning(message)
  notify(message, vim.log.levels.WARN)
end

---Something must be mended.
---@param message string
function M.error(message)
  notify(message, vim.log.levels.ERROR)
end

return M
