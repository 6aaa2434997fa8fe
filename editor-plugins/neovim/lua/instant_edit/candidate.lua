---One answer of the server, read: what it changes, or why there is nothing to accept.
local footer = require("instant_edit.footer")
local proposal = require("instant_edit.proposal")

local M = {}

---@param answer instant_edit.Answer
---@param seed integer it was asked for with
---@param spans instant_edit.Span[]
---@param snapshot instant_edit.Snapshot
---@param encoding "utf-8"|"utf-16"|"utf-32"
---@return instant_edit.Candidate
---@return boolean stale whether it was made for another text
function M.read(answer, seed, spans, snapshot, encoding)
  local candidate = { seed = seed, changes = proposal.none(spans) }
  if not answer.verdict.ok then
    candidate.reasons = footer.reasons(answer.verdict.findings)
  elseif type(answer.edit) ~= "table" then
    candidate.reasons = { "the text would stay as it is" }
  else
    local changes, reason = proposal.of_answer(answer.edit, spans, snapshot, encoding)
    candidate.changes = changes or candidate.changes
    candidate.reasons = reason and { reason }
    return candidate, reason == proposal.STALE
  end
  return candidate, false
end

---How it is shown: a span whose last draft has the same text keeps the confidence of its pieces.
---@param candidate instant_edit.Candidate
---@param drafted? instant_edit.Change[][] the last draft
---@param spans instant_edit.Span[]
---@return instant_edit.Change[][]
function M.shown(candidate, drafted, spans)
  local shown = {}
  for index, span in ipairs(spans) do
    local changes, last = candidate.changes[index], drafted and drafted[index] or {}
    local same = proposal.applied(span.text, last) == proposal.applied(span.text, changes)
    shown[index] = #changes > 0 and same and last or changes
  end
  return shown
end

---The whole text of each span with the candidate in it.
---@param candidate instant_edit.Candidate
---@param spans instant_edit.Span[]
---@return string[]
function M.texts(candidate, spans)
  local texts = {}
  for index, span in ipairs(spans) do
    texts[index] = proposal.applied(span.text, candidate.changes[index])
  end
  return texts
end

return M
