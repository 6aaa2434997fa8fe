---Draft texts as chunks for virtual text. Nothing here touches a buffer.
local M = {}

---@alias instant_edit.Chunk [string, string|string[]] text and highlight groups

local KEPT, OPEN_SLOT = "InstantEditKept", "▒"

---@param piece instant_edit.Piece
---@param doubt number
---@return string|string[]
local function highlight(piece, doubt)
  if piece.text:find(OPEN_SLOT, 1, true) then
    return "InstantEditOpen"
  elseif piece.confidence < doubt then
    return { "InstantEditNew", "InstantEditDoubtful" }
  end
  return "InstantEditNew"
end

---A span's text with its changes: what stays, and what is new piece by piece.
---@param text string
---@param changes instant_edit.Change[] sorted
---@param doubt number
---@return instant_edit.Chunk[]
function M.chunks(text, changes, doubt)
  local chunks, at = {}, 0
  local function add(part, group)
    if part ~= "" then
      chunks[#chunks + 1] = { part, group }
    end
  end
  for _, change in ipairs(changes) do
    add(text:sub(at + 1, change.from), KEPT)
    for _, piece in ipairs(change.pieces or { { text = change.text, confidence = 1 } }) do
      add((piece.text:gsub("\r\n?", "\n")), highlight(piece, doubt))
    end
    at = change.to
  end
  add(text:sub(at + 1), KEPT)
  return chunks
end

---Chunks cut at their line ends; indentation is not set apart as new.
---@param chunks instant_edit.Chunk[]
---@return instant_edit.Chunk[][]
function M.lines(chunks)
  local lines = { {} }
  for _, chunk in ipairs(chunks) do
    for index, part in ipairs(vim.split(chunk[1], "\n", { plain = true })) do
      if index > 1 then
        lines[#lines + 1] = {}
      end
      local indent = index > 1 and part:match("^%s*") or ""
      for _, piece in ipairs({ { indent, KEPT }, { part:sub(#indent + 1), chunk[2] } }) do
        if piece[1] ~= "" then
          table.insert(lines[#lines], piece)
        end
      end
    end
  end
  return lines
end

---A line with blanks instead of tabs, as wide as the tabs are in a buffer.
---@param line instant_edit.Chunk[]
---@param tabstop integer
---@return instant_edit.Chunk[]
function M.untabbed(line, tabstop)
  local column = 0
  return vim.tbl_map(function(chunk)
    local text = chunk[1]:gsub("[^\t]*\t?", function(part)
      local words = part:gsub("\t$", "")
      column = column + vim.api.nvim_strwidth(words)
      if #words == #part then
        return part
      end
      local blanks = tabstop - column % tabstop
      column = column + blanks
      return words .. (" "):rep(blanks)
    end)
    return { text, chunk[2] }
  end, line)
end

---Whether a draft is shown behind the old text in its line, and not in lines of its own.
---@param text string the old text
---@param draft string
---@param alone boolean whether the old text has its line to itself
---@return boolean
function M.fits_inline(text, draft, alone)
  return not alone and not text:find("\n", 1, true) and not draft:find("\n", 1, true)
end

return M
