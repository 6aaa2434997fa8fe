---From the server's messages to changes of spans. What lies outside them is refused here.
local M = {}

---Why an answer was not understood as changes of the spans.
M.OUTSIDE = "the server wanted to change text outside the selection"
M.STALE = "the edit was computed for another version of the text"

---Changes that an answer asks for, a list for each span; or nil and why not.
---@param edit lsp.WorkspaceEdit
---@param spans instant_edit.Span[]
---@param snapshot instant_edit.Snapshot
---@param encoding "utf-8"|"utf-16"|"utf-32"
---@return instant_edit.Change[][]?
---@return string? reason
function M.of_answer(edit, spans, snapshot, encoding)
  local changes = M.none(spans)
  for _, document in ipairs(edit.documentChanges or {}) do
    local bufnr = document.textDocument and vim.uri_to_bufnr(document.textDocument.uri)
    if not bufnr or not snapshot:version(bufnr) then
      return nil, M.OUTSIDE
    elseif document.textDocument.version ~= snapshot:version(bufnr) then
      return nil, M.STALE
    end
    for _, text_edit in ipairs(document.edits) do
      local index, change = M._locate(text_edit.range, text_edit.newText, spans, bufnr, encoding)
      if not index then
        return nil, M.OUTSIDE
      end
      table.insert(changes[index], change)
    end
  end
  return changes
end

---Changes that a draft shows, a list for each span. A draft for another text is dropped.
---@param drafts instant_edit.Draft[]
---@param spans instant_edit.Span[]
---@param snapshot instant_edit.Snapshot
---@param encoding "utf-8"|"utf-16"|"utf-32"
---@return instant_edit.Change[][]?
function M.of_drafts(drafts, spans, snapshot, encoding)
  local changes = M.none(spans)
  for _, draft in ipairs(drafts) do
    local bufnr = vim.uri_to_bufnr(draft.textDocument.uri)
    if draft.textDocument.version ~= snapshot:version(bufnr) then
      return nil
    end
    local index, change = M._locate(draft.range, draft.text, spans, bufnr, encoding)
    if not index then
      return nil
    end
    change.pieces = draft.pieces
    changes[index] = { change }
  end
  return changes
end

---No change of any span.
---@param spans instant_edit.Span[]
---@return instant_edit.Change[][]
function M.none(spans)
  return vim.tbl_map(function()
    return {}
  end, spans)
end

---A text with its changes made.
---@param text string
---@param changes instant_edit.Change[]
---@return string
function M.applied(text, changes)
  local parts, at = {}, 0
  for _, change in ipairs(M.sorted(changes)) do
    vim.list_extend(parts, { text:sub(at + 1, change.from), change.text })
    at = change.to
  end
  parts[#parts + 1] = text:sub(at + 1)
  return table.concat(parts)
end

---The changes by their place, the first one first.
---@param changes instant_edit.Change[]
---@return instant_edit.Change[]
function M.sorted(changes)
  local sorted = vim.list_slice(changes)
  table.sort(sorted, function(a, b)
    return a.from < b.from
  end)
  return sorted
end

---Which span holds the range, and the change within it.
---@return integer? index
---@return instant_edit.Change?
function M._locate(range, text, spans, bufnr, encoding)
  for index, span in ipairs(spans) do
    if span.bufnr == bufnr then
      local from = span:offset(range.start, encoding)
      local to = span:offset(range["end"], encoding)
      if from and to and from <= to then
        return index, { from = from, to = to, text = (text:gsub("\r\n?", "\n")) }
      end
    end
  end
end

return M
