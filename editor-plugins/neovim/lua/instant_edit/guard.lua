---What Neovim's own handling of edits leaves out: an answer for a text that has changed since is
---refused, whatever its version says, and code actions are told the diagnostics of all sources.
local diagnostics = require("instant_edit.diagnostics")

local MODIFIED = -32801

local M = {}

---Wrap a client's requests.
---@param client vim.lsp.Client
function M.attach(client)
  local rpc = client.rpc
  if rpc.guarded then
    return
  end
  local request = rpc.request
  rpc.guarded = true
  rpc.request = function(method, params, callback, notify)
    if method == "textDocument/codeAction" then
      params = M._with_diagnostics(params)
    elseif method == "codeAction/resolve" then
      callback = M._unless_changed(params, callback)
    end
    return request(method, params, callback, notify)
  end
end

---Answer `workspace/applyEdit`: every document must be in the version that the edit is for.
---@param fault lsp.ResponseError?
---@param params lsp.ApplyWorkspaceEditParams
---@param context lsp.HandlerContext
---@return lsp.ApplyWorkspaceEditResult
function M.apply_edit(fault, params, context)
  for _, document in ipairs(params.edit.documentChanges or {}) do
    local identifier = document.textDocument
    local version = vim.lsp.util.buf_versions[vim.uri_to_bufnr(identifier.uri)]
    if identifier.version ~= version then
      local reason = "%s is at version %d, the edit is for %s"
      local name = vim.uri_to_fname(identifier.uri)
      return { applied = false, failureReason = reason:format(name, version, identifier.version) }
    end
  end
  return vim.lsp.handlers["workspace/applyEdit"](fault, params, context)
end

---@param params lsp.CodeActionParams
---@return lsp.CodeActionParams
function M._with_diagnostics(params)
  if #params.context.diagnostics > 0 then
    return params
  end
  local bufnr = vim.uri_to_bufnr(params.textDocument.uri)
  local found = diagnostics.within(bufnr, params.range)
  return vim.tbl_deep_extend("force", params, { context = { diagnostics = found } })
end

---@param action lsp.CodeAction
---@param callback fun(fault?: lsp.ResponseError, result: any)
function M._unless_changed(action, callback)
  local uri = vim.tbl_get(action, "data", "textDocument", "uri")
  if not uri then
    return callback
  end
  local bufnr = vim.uri_to_bufnr(uri)
  local tick = vim.api.nvim_buf_get_changedtick(bufnr)
  return function(fault, result)
    if not fault and tick ~= vim.api.nvim_buf_get_changedtick(bufnr) then
      fault = { code = MODIFIED, message = "the text has changed meanwhile; nothing was applied" }
    end
    callback(fault, not fault and result or nil)
  end
end

return M
