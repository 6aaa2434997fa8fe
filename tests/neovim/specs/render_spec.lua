local render = require("instant_edit.render")

local function piece(text, confidence)
  return { text = text, confidence = confidence }
end

return {
  ["what stays, what is sure, what is doubtful and what is open are told apart"] = function(expect)
    local pieces = { piece("max", 0.9), piece("(", 0.4), piece("▒▒", 0) }
    local changes = { { from = 4, to = 7, text = "max(▒▒", pieces = pieces } }
    expect(render.chunks("x = sum!", changes, 0.5), {
      { "x = ", "InstantEditKept" },
      { "max", "InstantEditNew" },
      { "(", { "InstantEditNew", "InstantEditDoubtful" } },
      { "▒▒", "InstantEditOpen" },
      { "!", "InstantEditKept" },
    })
  end,
  ["a change whose confidence is not known is not dimmed"] = function(expect)
    local chunks = render.chunks("a", { { from = 0, to = 1, text = "b" } }, 1)
    expect(chunks, { { "b", "InstantEditNew" } })
  end,
  ["chunks are cut at line ends, empty lines stay, and no indentation is marked"] = function(
    expect
  )
    expect(render.lines({ { " a\n\n  b", "X" }, { "c\n", "Y" } }), {
      { { " a", "X" } },
      {},
      { { "  ", "InstantEditKept" }, { "b", "X" }, { "c", "Y" } },
      {},
    })
  end,
  ["tabs become blanks up to the next tab stop, over chunk borders and wide characters"] = function(
    expect
  )
    local line = { { "\tab", "X" }, { "c\td", "Y" }, { "漢\t|", "Z" } }
    expect(render.untabbed(line, 4), { { "    ab", "X" }, { "c d", "Y" }, { "漢 |", "Z" } })
    expect(vim.api.nvim_strwidth("    abc d漢 |"), 13)
  end,
  ["a piece of a line is shown in it; whole lines and longer drafts below"] = function(expect)
    expect(render.fits_inline("sum", "max", false), true)
    expect(render.fits_inline("sum", "max", true), false)
    expect(render.fits_inline("sum", "max\n", false), false)
    expect(render.fits_inline("a\nb", "c", false), false)
  end,
}
