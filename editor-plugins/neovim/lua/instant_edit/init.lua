---What users and the plugin's own commands call.
local client_side = require("instant_edit.client")
local config = require("instant_edit.config")
local footer = require("instant_edit.footer")
local highlights = require("instant_edit.highlights")
local preview = require("instant_edit.preview")
local say = require("instant_edit.say")
local selection = require("instant_edit.selection")
local Session = require("instant_edit.session")
local Span = require("instant_edit.span")

local M = {}

local sessions = {} ---@type table<instant_edit.Session, true>
local marked = {} ---@type instant_edit.Span[] for the next edit
local repeated = { instruction = nil, pending = false } ---@type {instruction?: string, pending: boolean}

highlights.link()

vim.api.nvim_create_autocmd("LspDetach", {
  group = vim.api.nvim_create_augroup("instant_edit.detach", {}),
  desc = "End the edits of a server that has gone",
  callback = function(event)
    for session in pairs(sessions) do
      if session:served_by(event.data.client_id) and session:concerns(event.buf) then
        session:fail("the server has gone; the next edit starts it again")
      end
    end
  end,
})

---Options, for those who like to give them this way; never needed. See |instant-edit-settings|.
---@param options? table
function M.setup(options)
  config.setup(options)
end

---Edit ranges: ask for the instruction, show the drafts as they denoise, wait for accept().
---@param options? instant_edit.Options
function M.edit(options)
  options = options or {}
  local spans = M._take_spans(options.ranges)
  M._instruction(options, function(instruction)
    if not instruction then
      return M._forget(spans)
    end
    repeated.instruction = instruction
    M._begin(spans, vim.tbl_extend("force", options, { instruction = instruction }))
  end)
end

---Mark ranges, in any buffers, which the next edit takes in: they are denoised together.
---@param ranges instant_edit.Range[]
function M.add(ranges)
  vim.list_extend(marked, vim.tbl_map(Span.new, ranges))
  preview.show_marked(marked)
end

---Put the edit shown into the buffer.
function M.accept()
  M._with_session("accept")
end

---Stop denoising, or drop the edit shown and the marked ranges.
function M.cancel()
  if #marked > 0 then
    preview.clear(marked)
    M._forget(marked)
    marked = {}
  elseif not M._current() then
    return say.info("there is no edit to cancel")
  end
  if M._current() then
    M._current():cancel()
  end
end

---Denoise again with another seed.
function M.retry()
  M._with_session("retry")
end

---Show the next candidate; a new one where the last is shown.
function M.next()
  M._with_session("next")
end

---Show the candidate before.
function M.previous()
  M._with_session("previous")
end

---Rewrite the lines of a diagnostic, whoever reported it, with its message as the instruction.
function M.fix()
  require("instant_edit.diagnostics").choose(function(diagnostic)
    local bufnr = vim.api.nvim_get_current_buf()
    local first, last = diagnostic.lnum + 1, (diagnostic.end_lnum or diagnostic.lnum) + 1
    last = math.min(last, vim.api.nvim_buf_line_count(bufnr))
    M.edit({
      ranges = { selection.lines(bufnr, first, last) },
      instruction = diagnostic.message,
    })
  end)
end

---Ask for an instruction for what a code action named.
---@param params {textDocument: lsp.VersionedTextDocumentIdentifier, range: lsp.Range}
---@param context {client_id: integer}
function M.rewrite(params, context)
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  local bufnr = vim.uri_to_bufnr(params.textDocument.uri)
  if params.textDocument.version ~= vim.lsp.util.buf_versions[bufnr] then
    return say.info("the text has changed since; ask for the code actions again")
  end
  M.edit({ ranges = { selection.of_server(bufnr, params.range, client.offset_encoding) } })
end

---For an expression mapping: the operator that edits; a repeat does not ask again.
---@return string
function M.operator()
  repeated.pending = true
  vim.go.operatorfunc = "v:lua.require'instant_edit'._operate"
  return "g@"
end

---For an expression mapping: the operator that marks.
---@return string
function M.adder()
  vim.go.operatorfunc = "v:lua.require'instant_edit'._add"
  return "g@"
end

---What goes on in the current buffer, for a status line; "" when nothing does.
---@return string
function M.statusline()
  local session = M._current()
  if session then
    return "instant-edit: " .. footer.words(session)
  end
  local model = client_side.model(vim.api.nvim_get_current_buf())
  if model and (model.state == "loading" or model.state == "failed") then
    return "instant-edit: model " .. model.state
  end
  return ""
end

---@param motion "char"|"line"|"block"
function M._operate(motion)
  local instruction = repeated.instruction
  if repeated.pending then
    repeated.pending, instruction = false, nil
  end
  M.edit({ ranges = selection.of_operator(motion), instruction = instruction })
end

---@param motion "char"|"line"|"block"
function M._add(motion)
  M.add(selection.of_operator(motion))
end

---Spans of the ranges and of what was marked before; of the current line where both are missing.
---@param ranges? instant_edit.Range[]
---@return instant_edit.Span[]
function M._take_spans(ranges)
  if not ranges and #marked == 0 then
    local line = vim.fn.line(".")
    ranges = { selection.lines(vim.api.nvim_get_current_buf(), line, line) }
  end
  local spans = marked
  preview.clear(marked)
  marked = {}
  return vim.list_extend(spans, vim.tbl_map(Span.new, ranges or {}))
end

---@param options instant_edit.Options
---@param callback fun(instruction: string?)
function M._instruction(options, callback)
  if options.instruction then
    return callback(options.instruction)
  end
  vim.ui.input({ prompt = "Instruction (empty: write it anew): " }, callback)
end

---@param spans instant_edit.Span[]
---@param options instant_edit.Options
function M._begin(spans, options)
  if not vim.iter(spans):all(Span.intact) then
    M._forget(spans)
    return say.info("the selected text has changed meanwhile; select it again")
  end
  client_side.with(spans[1].bufnr, function(client, reason)
    if not client then
      M._forget(spans)
      return say.error(reason)
    end
    for _, span in ipairs(spans) do
      M._close_in(span.bufnr)
    end
    local session = Session.start(client, spans, options, M._on_change)
    if session.state ~= "closed" then
      sessions[session] = true
    end
  end)
end

---@param session instant_edit.Session
function M._on_change(session)
  if session.state == "closed" then
    sessions[session] = nil
  end
  vim.api.nvim_exec_autocmds("User", {
    pattern = "InstantEdit",
    modeline = false,
    data = { state = session.state, progress = session.progress },
  })
  vim.cmd.redrawstatus()
end

---The session in the current buffer.
---@return instant_edit.Session?
function M._current()
  local bufnr = vim.api.nvim_get_current_buf()
  for session in pairs(sessions) do
    if session:concerns(bufnr) then
      return session
    end
  end
end

---@param bufnr integer
function M._close_in(bufnr)
  for session in pairs(sessions) do
    if session:concerns(bufnr) then
      session:close()
    end
  end
end

---@param method "accept"|"retry"|"next"|"previous"
function M._with_session(method)
  local session = M._current()
  if not session then
    return say.info("there is no edit in this buffer; begin one with :InstantEdit")
  end
  session[method](session)
end

---@param spans instant_edit.Span[]
function M._forget(spans)
  for _, span in ipairs(spans) do
    span:forget()
  end
end

return M
