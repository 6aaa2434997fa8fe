-- Commands, <Plug> mappings and one autocommand; everything else is loaded when it is used.
if vim.g.loaded_instant_edit then
  return
end
vim.g.loaded_instant_edit = true

---Calls a function of the plugin, which is loaded by the first such call.
---@param name string
---@return fun()
local function call(name)
  return function()
    require("instant_edit")[name]()
  end
end

---Starts the operator that waits for a motion, or takes the selection.
---@param name "operator"|"adder"
---@return fun(): string
local function operate(name)
  return function()
    return require("instant_edit")[name]()
  end
end

local command, map = vim.api.nvim_create_user_command, vim.keymap.set

command("InstantEdit", function(options)
  require("instant_edit.command").edit(options)
end, {
  bang = true,
  nargs = "?",
  range = true,
  complete = function(typed)
    return require("instant_edit.command").complete(typed)
  end,
  desc = "Rewrite a range; with ! accept the edit unseen",
})
command("InstantEditAdd", function(options)
  require("instant_edit.command").add(options)
end, { range = true, desc = "Mark a range for the next :InstantEdit" })
command(
  "InstantEditFix",
  call("fix"),
  { desc = "Mend what a diagnostic on this line complains of" }
)

for name, description in pairs({
  accept = "Put the edit shown into the buffer",
  cancel = "Stop denoising, or drop the edit shown",
  retry = "Denoise again with another seed",
  next = "Show the next candidate",
  previous = "Show the candidate before",
}) do
  local title = name:sub(1, 1):upper() .. name:sub(2)
  command("InstantEdit" .. title, call(name), { desc = description })
  map(
    { "n", "x", "i" },
    ("<Plug>(InstantEdit%s)"):format(title),
    call(name),
    { desc = description }
  )
end

map(
  { "n", "x" },
  "<Plug>(InstantEdit)",
  operate("operator"),
  { expr = true, desc = "Rewrite a motion or the selection" }
)
map(
  { "n", "x" },
  "<Plug>(InstantEditAdd)",
  operate("adder"),
  { expr = true, desc = "Mark a motion or the selection for the next edit" }
)
map("n", "<Plug>(InstantEditFix)", call("fix"), { desc = "Mend what a diagnostic complains of" })

vim.api.nvim_create_autocmd("LspAttach", {
  group = vim.api.nvim_create_augroup("instant_edit.attach", {}),
  desc = "Guard the code actions of the instant-edit server",
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == "instant_edit" then
      require("instant_edit.guard").attach(client)
    end
  end,
})
