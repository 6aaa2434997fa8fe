-- Read by Neovim when 'instant_edit' is enabled; |vim.lsp.config()| overrides any key.
---@type vim.lsp.Config
return {
  cmd = { "instant-edit", "lsp" },
  filetypes = {
    "python",
    "javascript",
    "javascriptreact",
    "typescript",
    "typescriptreact",
    "go",
    "rust",
    "java",
    "c",
    "cpp",
    "sh",
    "bash",
    "json",
    "jsonc",
    "html",
    "css",
  },
  root_markers = { ".git" },
  init_options = { status = true, rewriteCommand = "instant_edit.rewrite" },
  commands = {
    ["instant_edit.rewrite"] = function(command, context)
      require("instant_edit").rewrite(command.arguments[1], context)
    end,
  },
  handlers = {
    ["workspace/applyEdit"] = function(...)
      return require("instant_edit.guard").apply_edit(...)
    end,
    ["instantEdit/draft"] = function(_, params)
      require("instant_edit.client").on_draft(params)
    end,
    ["instantEdit/statusChanged"] = function(_, params, context)
      require("instant_edit.client").on_status(context.client_id, params)
    end,
  },
}
