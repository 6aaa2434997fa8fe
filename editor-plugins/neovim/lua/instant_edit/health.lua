---`:checkhealth instant_edit`: what is missing, and how to mend it.
local client_side = require("instant_edit.client")
local config = require("instant_edit.config")

local M = {}

local DOCTOR_TIMEOUT_MS, STATUS_TIMEOUT_MS = 60000, 2000

---Run every check.
function M.check()
  vim.health.start("instant-edit: Neovim")
  M._editor()
  vim.health.start("instant-edit: server")
  local command = M._server()
  if command then
    vim.health.start("instant-edit: installation")
    M._doctor(command)
  end
  vim.health.start("instant-edit: running clients")
  M._clients()
end

function M._editor()
  if vim.fn.has("nvim-0.11") == 1 then
    vim.health.ok(("Neovim %s"):format(vim.version()))
  else
    vim.health.error("Neovim is older than 0.11", "install Neovim 0.11 or later")
  end
  local faults = config.faults()
  for _, fault in ipairs(faults) do
    vim.health.error("setting " .. fault, "correct it in vim.g.instant_edit or setup()")
  end
  if #faults == 0 then
    vim.health.ok("settings are valid")
  end
end

---Is it enabled, and can it be started? Returns the command where it can be examined.
---@return string[]?
function M._server()
  if vim.lsp.is_enabled(client_side.NAME) then
    vim.health.ok("enabled")
  else
    vim.health.warn("not enabled", "call vim.lsp.enable('instant_edit') in your configuration")
  end
  local command = (vim.lsp.config[client_side.NAME] or {}).cmd
  if type(command) == "function" then
    vim.health.info("the server is reached by a function; nothing can be examined before it runs")
  elseif not command then
    vim.health.error(
      "no configuration is found: lsp/instant_edit.lua is not in 'runtimepath'",
      "put the folder editor-plugins/neovim into 'runtimepath'"
    )
  elseif vim.fn.executable(command[1]) == 0 then
    vim.health.error(("%s is not executable"):format(command[1]), {
      "pip install instant-edit, and see that its folder is in $PATH",
      "or name it: vim.lsp.config('instant_edit', { cmd = { '/path/to/instant-edit', 'lsp' } })",
    })
  else
    vim.health.ok(("command: %s"):format(table.concat(command, " ")))
    return command
  end
end

---Ask the server's own doctor about packages, grammars and the model.
---@param command string[]
function M._doctor(command)
  if command[#command] ~= "lsp" then
    return vim.health.info("the command does not end in `lsp`: its doctor cannot be asked")
  end
  local doctor = vim.list_extend(vim.list_slice(command, 1, #command - 1), { "doctor", "--json" })
  vim.api.nvim_echo({ { "instant-edit: the doctor loads the model, please wait" } }, false, {})
  vim.cmd.redraw()
  local result = vim.system(doctor, { text = true, timeout = DOCTOR_TIMEOUT_MS }):wait()
  local readable, report = pcall(vim.json.decode, result.stdout)
  if not readable or type(report) ~= "table" or not report.checks then
    vim.health.error(
      ("`%s` gave no report: %s"):format(table.concat(doctor, " "), vim.trim(result.stderr or "")),
      "run it in a terminal"
    )
    return
  end
  M._report(report.checks)
end

---@param checks {name: string, ok: boolean, detail: string, mend: string}[]
function M._report(checks)
  local good = {}
  for _, check in ipairs(checks) do
    if not check.ok then
      vim.health.error(("%s: %s"):format(check.name, check.detail), check.mend)
    elseif check.name == "model" or check.name == "compute" or check.name == "edit" then
      vim.health.ok(("%s: %s"):format(check.name, check.detail))
    else
      good[#good + 1] = check.name
    end
  end
  vim.health.ok(("%d packages and grammars are in order"):format(#good))
end

function M._clients()
  local clients = vim.lsp.get_clients({ name = client_side.NAME })
  if #clients == 0 then
    vim.health.info("none; open a file of a language that the server knows")
  end
  for _, client in ipairs(clients) do
    local buffers = #vim.tbl_keys(client.attached_buffers)
    vim.health.ok(
      ("client %d, %d buffers, root %s"):format(client.id, buffers, client.root_dir or "none")
    )
    M._model(client)
  end
end

---@param client vim.lsp.Client
function M._model(client)
  local status = client_side.status(client, STATUS_TIMEOUT_MS)
  if not status then
    vim.health.warn("it does not answer instantEdit/status", "update instant-edit")
  elseif status.model.state == "failed" then
    vim.health.error(
      ("model %s: %s"):format(status.model.id, status.model.message or "failed"),
      "run `instant-edit doctor`"
    )
  else
    local version = ("version %s, protocol %d"):format(status.version, status.protocol)
    vim.health.ok(("%s, model %s %s"):format(version, status.model.id, status.model.state))
  end
end

return M
