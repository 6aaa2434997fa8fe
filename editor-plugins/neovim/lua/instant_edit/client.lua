---The language server's side: which client serves a buffer, requests, drafts, its state.
local M = {}

M.NAME = "instant_edit"

local CANCELLED, MODIFIED = -32800, -32801
local START_MS = 20000 -- Python and its packages, on a busy machine

local drafts = {} ---@type table<string, fun(params: instant_edit.DraftParams)> by draft token
local models = {} ---@type table<integer, instant_edit.Model> by client id
local requests = 0

---The client that serves a buffer and has answered `initialize`.
---@param bufnr integer
---@return vim.lsp.Client?
function M.get(bufnr)
  return vim.lsp.get_clients({ bufnr = bufnr, name = M.NAME })[1]
end

---Call back with the client of a buffer, started where it has ended; or with nil and why not.
---@param bufnr integer
---@param callback fun(client: vim.lsp.Client?, reason: string?)
function M.with(bufnr, callback)
  local client = M.get(bufnr)
  if client then
    return callback(client)
  end
  local reason = M._cannot_start(bufnr)
  if reason then
    return callback(nil, reason)
  end
  M._once_attached(bufnr, callback)
  vim.api.nvim_exec_autocmds("FileType", { group = "nvim.lsp.enable", buffer = bufnr })
end

---Call back once, with the client or, where none comes in time, with the reason.
---@param bufnr integer
---@param callback fun(client: vim.lsp.Client?, reason: string?)
function M._once_attached(bufnr, callback)
  local waiting = true
  local function finish(client, reason)
    if waiting then
      waiting = false
      callback(client, reason)
    end
  end
  vim.api.nvim_create_autocmd("LspAttach", {
    buffer = bufnr,
    callback = function()
      local client = M.get(bufnr)
      if client then
        vim.schedule(function()
          finish(client)
        end)
      end
      return client ~= nil or not waiting
    end,
  })
  vim.defer_fn(function()
    finish(nil, "the server does not start; see :checkhealth instant_edit")
  end, START_MS)
end

---Ask for an edit.
---@param client vim.lsp.Client
---@param spans instant_edit.Span[]
---@param options table the other params
---@param on_draft? fun(params: instant_edit.DraftParams)
---@param on_answer fun(fault: lsp.ResponseError?, answer: instant_edit.Answer?)
---@return fun() cancel nothing is called back any more
function M.edit(client, spans, options, on_draft, on_answer)
  requests = requests + 1
  local token, live = ("instant_edit.%d"):format(requests), true
  drafts[token] = on_draft
  local params = vim.tbl_extend("error", M._where(client, spans), options, {
    workDoneToken = token,
    draftToken = on_draft and token or nil,
  })
  local sent, id = client:request("instantEdit/edit", params, function(fault, answer)
    drafts[token] = nil
    if live then
      live = false
      on_answer(fault, answer)
    end
  end, spans[1].bufnr)
  if not sent then
    drafts[token] = nil
    on_answer({ code = -32803, message = "the server has ended; try again to start it" })
  end
  return function()
    drafts[token] = nil
    if live and sent and id then
      live = false
      client:cancel_request(id)
    end
  end
end

---Take a draft to the edit that it belongs to.
---@param params instant_edit.DraftParams
function M.on_draft(params)
  local listener = drafts[params.draftToken]
  if listener then
    listener(params)
  end
end

---Remember the state of a client's model.
---@param client_id integer
---@param params {model: instant_edit.Model}
function M.on_status(client_id, params)
  models[client_id] = params.model
  vim.cmd.redrawstatus()
end

---What is known of the model that serves a buffer.
---@param bufnr integer
---@return instant_edit.Model?
function M.model(bufnr)
  local client = M.get(bufnr)
  return client and models[client.id]
end

---Ask a client for its version, its model and the kinds of edits; nil where it knows none.
---@param client vim.lsp.Client
---@param timeout_ms integer
---@return instant_edit.Status?
function M.status(client, timeout_ms)
  local answer = client:request_sync("instantEdit/status", vim.empty_dict(), timeout_ms)
  return answer and not answer.err and answer.result or nil
end

---Whether an error says that the text has moved on.
---@param fault lsp.ResponseError
---@return boolean
function M.is_stale(fault)
  return fault.code == MODIFIED
end

---Whether an error says that the request was cancelled.
---@param fault lsp.ResponseError
---@return boolean
function M.is_cancelled(fault)
  return fault.code == CANCELLED
end

---Why no client can be started for a buffer, with what to do about it.
---@return string?
function M._cannot_start(bufnr)
  if not vim.lsp.is_enabled(M.NAME) then
    return "the server is not enabled; call vim.lsp.enable('instant_edit')"
  end
  local config, filetype = vim.lsp.config[M.NAME], vim.bo[bufnr].filetype
  if config.filetypes and not vim.list_contains(config.filetypes, filetype) then
    return ("filetype '%s' is not among those of the server"):format(filetype)
  elseif vim.bo[bufnr].buftype ~= "" then
    return "this buffer is not a file"
  elseif type(config.cmd) == "table" and vim.fn.executable(config.cmd[1]) == 0 then
    return ("%s is not executable; see :checkhealth instant_edit"):format(config.cmd[1])
  end
end

---The documents and ranges of spans, in the shortest form of the protocol that says it.
function M._where(client, spans)
  local documents, by_buffer = {}, {}
  for _, span in ipairs(spans) do
    local document = by_buffer[span.bufnr]
    if not document then
      document = { textDocument = M._identifier(span.bufnr), ranges = {} }
      by_buffer[span.bufnr] = document
      documents[#documents + 1] = document
    end
    table.insert(document.ranges, span:lsp_range(client.offset_encoding))
  end
  return #documents == 1 and documents[1] or { documents = documents }
end

---@return lsp.VersionedTextDocumentIdentifier
function M._identifier(bufnr)
  return { uri = vim.uri_from_bufnr(bufnr), version = vim.lsp.util.buf_versions[bufnr] }
end

return M
