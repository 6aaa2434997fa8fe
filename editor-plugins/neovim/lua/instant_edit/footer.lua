---The words under a preview and in the status line.
local M = {}

---Findings of the gate, a line each.
---@param findings instant_edit.Finding[]
---@return string[]
function M.reasons(findings)
  if #findings == 0 then
    return { "nothing validated" }
  end
  return vim.tbl_map(function(finding)
    local place = ("line %d"):format(finding.position.line + 1)
    local message = finding.message
    return message:find(place, 1, true) and message or ("%s: %s"):format(place, message)
  end, findings)
end

---What a session is doing, in a few words.
---@param session instant_edit.Session
---@return string
function M.words(session)
  if session.state == "denoising" then
    local progress = session.progress
    return progress and ("step %d, %d left"):format(progress.step, progress.masked) or "denoising"
  elseif session.state == "rejected" then
    return "no edit"
  end
  return ("%d of %d"):format(session.index, #session.candidates)
end

---The lines under the preview: what goes on, what the user can do, and why there is no edit.
---@param session instant_edit.Session
---@return instant_edit.Chunk[][]
function M.of(session)
  local line = { { " instant-edit ", "InstantEditTitle" } }
  local function add(text)
    line[#line + 1] = { " " .. text, "InstantEditHint" }
  end
  add(M.words(session))
  for _, action in ipairs(M._actions(session)) do
    add("· " .. M._how(session, action))
  end
  local lines = { line }
  for _, reason in ipairs(M._reasons(session)) do
    lines[#lines + 1] = { { " " .. reason, "InstantEditError" } }
  end
  return lines
end

---@param session instant_edit.Session
---@return string[]
function M._reasons(session)
  local candidate = session.state == "rejected" and session.candidates[session.index]
  return candidate and candidate.reasons or {}
end

---@param session instant_edit.Session
---@return string[]
function M._actions(session)
  if session.state == "denoising" then
    return { "cancel" }
  elseif session.state == "rejected" then
    return { "retry", "cancel" }
  end
  return { "accept", "retry", "cancel" }
end

---How the user does it here: a key of theirs, or else the command.
---@param session instant_edit.Session
---@param action string
---@return string
function M._how(session, action)
  local title = action:sub(1, 1):upper() .. action:sub(2)
  local key = require("instant_edit.keys").of(session, action)
  return key and ("%s %s"):format(key, action) or ":InstantEdit" .. title
end

return M
