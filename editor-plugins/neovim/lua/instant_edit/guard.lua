---What vim.lsp.buf.code_action() leaves out, put in at the client's requests:
---an answer for a text that has changed since is refused, whatever its version says, and
---diagnostics of all sources are sent, not only those of this server.
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
