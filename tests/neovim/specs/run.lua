-- nvim -l run.lua PLUGIN SPEC: a spec returns a table of functions by what they show.
vim.opt.runtimepath:prepend(arg[1])

-- A misspelt name is a global that nobody has set: find it here, and not at a user's.
setmetatable(_G, {
  __index = function(_, name)
    error("unknown global " .. name, 2)
  end,
  __newindex = function(_, name)
    error("new global " .. name, 2)
  end,
})

---Fail where two values differ.
local function expect(actual, expected)
  if not vim.deep_equal(actual, expected) then
    local message = "expected %s\n     got %s"
    error(message:format(vim.inspect(expected), vim.inspect(actual)), 2)
  end
end

local count, failures = 0, {}
for name, test in vim.spairs(dofile(arg[2])) do
  vim.cmd("silent %bwipeout!")
  count = count + 1
  local passed, reason = xpcall(test, debug.traceback, expect)
  if not passed then
    failures[#failures + 1] = ("%s\n  %s"):format(name, reason)
  end
end
io.stderr:write(
  table.concat(failures, "\n"),
  "\n",
  ("%d of %d passed\n"):format(count - #failures, count)
)
os.exit(#failures == 0 and count > 0 and 0 or 1)
