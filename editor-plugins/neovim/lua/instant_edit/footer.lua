---The words under a preview and in the status line.
local M = {}

---Findings of the gate as one line.
---@param findings instant_edit.Finding[]
---@return string
function M.reason(findings)
  local messages = vim.tbl_map(function(finding)
    return ("%s (line %d)"):format(finding.message, finding.position.line + 1)
  end, findings)
  return "no edit: " .. (#messages > 0 and table.concat(messages, "; ") or "nothing validated")
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

---The line under the preview.
---@param session instant_edit.Session
---@return instant_edit.Chunk[]
function M.of(session)
  local chunks = { { " instant-edit ", "InstantEditTitle" } }
  local function add(text, group)
    chunks[#chunks + 1] = { " " .. text, group }
  end
  if session.state == "rejected" then
    add(session.candidates[session.index].reason, "InstantEditError")
  else
    add(M.words(session), "InstantEditHint")
  end
  for _, action in ipairs(M._actions(session)) do
    add("· " .. M._how(session, action), "InstantEditHint")
  end
  return chunks
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
