---One edit from its request to its end: asks, shows, keeps the candidates, accepts or drops.
local Candidate = require("instant_edit.candidate")
local apply = require("instant_edit.apply")
local client_side = require("instant_edit.client")
local config = require("instant_edit.config")
local footer = require("instant_edit.footer")
local keys = require("instant_edit.keys")
local preview = require("instant_edit.preview")
local proposal = require("instant_edit.proposal")
local say = require("instant_edit.say")
local Snapshot = require("instant_edit.snapshot")
local watch = require("instant_edit.watch")

---@alias instant_edit.State "denoising"|"ready"|"rejected"|"closed"

---@class instant_edit.Session
---@field state instant_edit.State
---@field spans instant_edit.Span[]
---@field candidates instant_edit.Candidate[]
---@field index integer of the candidate shown
---@field progress? {step: integer, masked: integer}
---@field private draft? instant_edit.Change[][] the one shown last
---@field private client vim.lsp.Client
---@field private params {instruction?: string, mode: "fill"|"rewrite"}
---@field private immediate boolean
---@field private seed integer the one asked for last
---@field private snapshot instant_edit.Snapshot
---@field private wanted? string[] the texts which the user accepted before the buffer changed
---@field private again integer how often in a row the text had moved on
---@field private stop fun() cancels the request on its way
---@field private on_change fun(session: instant_edit.Session)
local Session = {}
Session.__index = Session

local AGAIN = 8

local function idle() end

---Ask for the first candidate.
---@param client vim.lsp.Client
---@param spans instant_edit.Span[]
---@param options {instruction: string, immediate?: boolean, seed?: integer}
---@param on_change fun(session: instant_edit.Session) called at every change of state
---@return instant_edit.Session
function Session.start(client, spans, options, on_change)
  local fill = options.instruction == ""
  local self = setmetatable({
    client = client,
    spans = spans,
    params = {
      instruction = not fill and options.instruction or nil,
      mode = fill and "fill" or "rewrite",
    },
    immediate = options.immediate or false,
    candidates = {},
    index = 0,
    again = 0,
    stop = idle,
    on_change = on_change,
  }, Session)
  self:_watch()
  self:_ask(options.seed or 0)
  return self
end

---Put the candidate shown into the buffer, if it was made for the text that is there.
function Session:accept()
  local candidate = self.candidates[self.index]
  if self.state == "denoising" then
    return say.info("still denoising; wait, or cancel with :InstantEditCancel")
  elseif not candidate or candidate.reasons then
    return say.info("there is nothing to accept; try :InstantEditRetry")
  elseif not self:_intact() then
    return self:fail("the selected text has changed since; nothing was applied")
  elseif not self.snapshot:current() then
    -- The text around has changed: what was accepted must be made and validated for the new one.
    self.wanted = Candidate.texts(candidate, self.spans)
    return self:_ask(candidate.seed)
  end
  self:_apply(candidate)
end

---Ask for another candidate, with the next seed.
function Session:retry()
  self.immediate, self.wanted = false, nil
  self:_ask(self.seed + 1)
end

---Show the next candidate, which is asked for where there is none yet.
function Session:next()
  if self.index >= #self.candidates then
    return self:retry()
  end
  self:_show_candidate(self.index + 1)
end

---Show the candidate before.
function Session:previous()
  if self.index > 1 then
    self:_show_candidate(self.index - 1)
  end
end

---Stop denoising and go back to the candidate shown before; without one, end.
function Session:cancel()
  local denoising = self.state == "denoising"
  self.stop()
  if denoising and #self.candidates > 0 then
    self.seed = self.candidates[#self.candidates].seed
    return self:_show_candidate(math.max(self.index, 1))
  end
  self:close()
end

---End with a message for the user.
---@param reason string
function Session:fail(reason)
  self:close()
  say.warning(reason)
end

---End: nothing of it stays, on the screen or in the server.
function Session:close()
  if self.state ~= "closed" then
    self.stop()
    preview.clear(self.spans)
    keys.restore(self)
    for _, span in ipairs(self.spans) do
      span:forget()
    end
    self:_become("closed")
  end
end

---Whether it edits this buffer.
---@param bufnr integer
---@return boolean
function Session:concerns(bufnr)
  return vim.iter(self.spans):any(function(span)
    return span.bufnr == bufnr
  end)
end

---Whether this client computes it.
---@param client_id integer
---@return boolean
function Session:served_by(client_id)
  return self.client.id == client_id
end

---@param seed integer
function Session:_ask(seed)
  self.stop()
  self.stop = idle
  if not self:_intact() then
    return self:fail("the selected text has changed since; select it again")
  end
  self:_keep_up()
  self.seed, self.progress, self.draft = seed, nil, nil
  self:_become("denoising")
  self:_draw(proposal.none(self.spans))
  local settings = config.get()
  self.stop = client_side.edit(
    self.client,
    self.spans,
    vim.tbl_extend("error", self.params, {
      seed = seed,
      candidates = settings.candidates,
      deadlineMs = settings.deadline_ms,
    }),
    not self.immediate and function(params)
      self:_on_draft(params)
    end or nil,
    function(fault, answer)
      self.stop = idle
      self:_on_answer(fault, answer)
    end
  )
end

---Where the user has typed around the spans, go on with the new text; candidates for the old
---one have not been validated in it. The same text may have got a new version: typed and undone.
function Session:_keep_up()
  if not (self.snapshot and self.snapshot:current()) then
    self.candidates, self.index = {}, 0
  end
  self.snapshot = Snapshot.take(self.spans)
end

---The text moved on while it was computed: once more, for the new one.
function Session:_ask_again()
  self.again = self.again + 1
  if self.again > AGAIN then
    return self:fail("the text changes faster than it can be edited; try again")
  end
  self:_ask(self.seed)
end

---@param params instant_edit.DraftParams
function Session:_on_draft(params)
  if self.state ~= "denoising" or not self:_intact() then
    return
  end
  self:_keep_up()
  local encoding = self.client.offset_encoding
  local changes = proposal.of_drafts(params.drafts, self.spans, self.snapshot, encoding)
  if changes then
    self.progress = { step = params.step, masked = params.masked }
    self.draft = changes
    self:_draw(changes)
    self.on_change(self)
  end
end

---@param fault lsp.ResponseError?
---@param answer instant_edit.Answer?
function Session:_on_answer(fault, answer)
  if fault then
    return self:_on_fault(fault)
  elseif not self:_intact() then
    return self:fail("the selected text has changed meanwhile; the edit was dropped")
  end
  self:_keep_up()
  local candidate, stale =
    Candidate.read(answer, self.seed, self.spans, self.snapshot, self.client.offset_encoding)
  if stale then
    return self:_ask_again()
  end
  self.again = 0
  candidate.shown = Candidate.shown(candidate, self.draft, self.spans)
  table.insert(self.candidates, candidate)
  self:_settle(candidate)
end

---Apply what was accepted beforehand; show anything else.
---@param candidate instant_edit.Candidate
function Session:_settle(candidate)
  local wanted = self.immediate
    or vim.deep_equal(self.wanted, Candidate.texts(candidate, self.spans))
  self.wanted = nil
  if wanted and not candidate.reasons then
    return self:_apply(candidate)
  elseif self.immediate then
    return self:fail("no edit: " .. table.concat(candidate.reasons, "; "))
  end
  self:_show_candidate(#self.candidates)
end

---@param fault lsp.ResponseError
function Session:_on_fault(fault)
  if client_side.is_stale(fault) and self:_intact() then
    return self:_ask_again()
  elseif client_side.is_cancelled(fault) then
    return self:fail("the server cancelled the edit")
  end
  self:fail(fault.message)
end

---@param candidate instant_edit.Candidate
function Session:_apply(candidate)
  local forbidden = apply.forbidden(self.spans)
  if forbidden then
    return self:fail(("%s is not modifiable; nothing was applied"):format(forbidden))
  end
  apply.apply(self.spans, candidate.changes)
  self:close()
end

---@param index integer
function Session:_show_candidate(index)
  self.index = index
  local candidate = self.candidates[index]
  self:_become(candidate.reasons and "rejected" or "ready")
  self:_draw(candidate.shown)
end

---@param changes instant_edit.Change[][]
function Session:_draw(changes)
  if not self.immediate then
    keys.set(self)
    preview.show(self.spans, changes, footer.of(self), config.get().doubt)
  end
end

---@return boolean
function Session:_intact()
  return vim.iter(self.spans):all(function(span)
    return span:intact()
  end)
end

---Drop the edit as soon as the user changes the text that it is about.
function Session:_watch()
  watch.buffers(self.spans, function()
    return self.state == "closed"
  end, function()
    if self.state ~= "closed" and not self:_intact() then
      self:fail("the selected text has changed; the edit was dropped")
    end
  end, function()
    self:close()
  end)
end

---@param state instant_edit.State
function Session:_become(state)
  self.state = state
  self.on_change(self)
end

return Session
