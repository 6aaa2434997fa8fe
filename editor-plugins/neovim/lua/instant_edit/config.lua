---Settings: defaults, then `vim.g.instant_edit`, then what was given to `setup()`.
local M = {}

---@class instant_edit.Keys mapped in the buffer while an edit is shown, and only then
---@field accept? string
---@field cancel? string
---@field retry? string
---@field next? string
---@field previous? string

---@class instant_edit.Config
---@field doubt number tokens less sure than this are dimmed, from 0 to 1
---@field candidates? integer how many drafts the server may try for one answer
---@field deadline_ms? integer how long one answer may take
---@field keys instant_edit.Keys
M.defaults = {
  doubt = 0.5,
  candidates = nil,
  deadline_ms = nil,
  keys = {},
}

local ACTIONS = { accept = true, cancel = true, retry = true, next = true, previous = true }

---@type table<string, fun(value: any): string?>
local CHECKS = {
  doubt = function(value)
    local good = type(value) == "number" and value >= 0 and value <= 1
    return not good and "expected a number from 0 to 1" or nil
  end,
  candidates = function(value)
    local good = type(value) == "number" and value % 1 == 0 and value >= 1 and value <= 64
    return not good and "expected an integer from 1 to 64" or nil
  end,
  deadline_ms = function(value)
    local good = type(value) == "number" and value % 1 == 0 and value >= 1
    return not good and "expected milliseconds, at least 1" or nil
  end,
  keys = function(value)
    if type(value) ~= "table" then
      return "expected a table"
    end
    for action, key in pairs(value) do
      if not ACTIONS[action] then
        return ("%s is not an action; known: accept, cancel, next, previous, retry"):format(action)
      elseif type(key) ~= "string" then
        return ("%s: expected a key as a string"):format(action)
      end
    end
  end,
}

local given = {} ---@type table<string, any>

---Set options; calling this is never needed.
---@param options? table
function M.setup(options)
  given = options or {}
  for _, fault in ipairs(M.faults()) do
    require("instant_edit.say").error(fault)
  end
end

---What is wrong with the settings, each by its key; a wrong one has its default.
---@return string[]
function M.faults()
  local faults = {}
  for key, value in vim.spairs(M._merged()) do
    local check = CHECKS[key]
    local fault = check and check(value)
    if not check then
      faults[#faults + 1] = ("%s: unknown key; known keys: %s"):format(key, M._known())
    elseif fault then
      faults[#faults + 1] = ("%s: %s, got %s"):format(key, fault, vim.inspect(value))
    end
  end
  return faults
end

---The settings in force.
---@return instant_edit.Config
function M.get()
  local config = vim.deepcopy(M.defaults)
  for key, value in pairs(M._merged()) do
    if CHECKS[key] and not CHECKS[key](value) then
      config[key] = value
    end
  end
  return config
end

---@return table<string, any>
function M._merged()
  return vim.tbl_extend("force", vim.g.instant_edit or {}, given)
end

---@return string
function M._known()
  local keys = vim.tbl_keys(CHECKS)
  table.sort(keys)
  return table.concat(keys, ", ")
end

return M
