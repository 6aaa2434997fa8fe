local proposal = require("instant_edit.proposal")
local Snapshot = require("instant_edit.snapshot")
local Span = require("instant_edit.span")

local TEXT = { "a = sum(b)", "c = sum(d)", "e" }

---Spans over both calls of sum, and the snapshot they were asked for with.
local function two_spans()
  vim.cmd("edit! sums.py")
  vim.api.nvim_buf_set_lines(0, 0, -1, false, TEXT)
  local spans = {}
  for row = 0, 1 do
    local bufnr = vim.api.nvim_get_current_buf()
    local range = { start_row = row, start_col = 4, end_row = row, end_col = 10, bufnr = bufnr }
    spans[#spans + 1] = Span.new(range)
  end
  return spans, Snapshot.take(spans)
end

local function range(line, first, last)
  return { start = { line = line, character = first }, ["end"] = { line = line, character = last } }
end

---An answer with one text edit for version 0 of the current buffer.
local function edit(where, text, version, uri)
  return {
    documentChanges = {
      {
        textDocument = { uri = uri or vim.uri_from_bufnr(0), version = version or 0 },
        edits = { { range = where, newText = text } },
      },
    },
  }
end

return {
  ["an answer becomes changes of the spans it lies in"] = function(expect)
    local spans, snapshot = two_spans()
    local changes = proposal.of_answer(edit(range(1, 4, 7), "max"), spans, snapshot, "utf-8")
    expect(changes, { {}, { { from = 0, to = 3, text = "max" } } })
  end,
  ["an answer that reaches out of the spans is refused"] = function(expect)
    local spans, snapshot = two_spans()
    for _, where in ipairs({ range(0, 3, 5), range(0, 9, 11), range(2, 0, 1), range(0, 0, 10) }) do
      local changes, reason = proposal.of_answer(edit(where, "x"), spans, snapshot, "utf-8")
      expect({ changes, reason }, { nil, proposal.OUTSIDE })
    end
  end,
  ["an answer about another document is refused"] = function(expect)
    local spans, snapshot = two_spans()
    local answer = edit(range(0, 4, 5), "x", 0, "file:///elsewhere.py")
    local changes, reason = proposal.of_answer(answer, spans, snapshot, "utf-8")
    expect({ changes, reason }, { nil, proposal.OUTSIDE })
  end,
  ["an answer for another version is stale"] = function(expect)
    local spans, snapshot = two_spans()
    local answer = edit(range(0, 4, 5), "x", 3)
    local changes, reason = proposal.of_answer(answer, spans, snapshot, "utf-8")
    expect({ changes, reason }, { nil, proposal.STALE })
  end,
  ["a draft becomes changes with its pieces, and one for another version is dropped"] = function(
    expect
  )
    local spans, snapshot = two_spans()
    local pieces = { { text = "max", confidence = 0.5 } }
    local draft = {
      textDocument = { uri = vim.uri_from_bufnr(0), version = 0 },
      range = range(0, 4, 7),
      text = "max",
      pieces = pieces,
    }
    expect(proposal.of_drafts({ draft }, spans, snapshot, "utf-8"), {
      { { from = 0, to = 3, text = "max", pieces = pieces } },
      {},
    })
    draft.textDocument.version = 1
    expect(proposal.of_drafts({ draft }, spans, snapshot, "utf-8"), nil)
  end,
  ["changes are made in the order of their places"] = function(expect)
    local changes = { { from = 3, to = 3, text = "!" }, { from = 0, to = 1, text = "yy" } }
    expect(proposal.applied("xab", changes), "yyab!")
  end,
  ["line ends of the server are those of a buffer"] = function(expect)
    local spans, snapshot = two_spans()
    local answer = edit(range(0, 4, 7), "m\r\nn")
    local changes = proposal.of_answer(answer, spans, snapshot, "utf-8")
    expect(changes[1][1].text, "m\nn")
  end,
  ["a snapshot is current as long as the text is the same"] = function(expect)
    local _, snapshot = two_spans()
    expect(snapshot:current(), true)
    vim.api.nvim_buf_set_lines(0, 2, 3, false, { "f" })
    expect(snapshot:current(), false)
    vim.api.nvim_buf_set_lines(0, 2, 3, false, { "e" })
    expect(snapshot:current(), true)
  end,
}
