local ROOT =
  vim.fn.fnamemodify(vim.api.nvim_get_runtime_file("lua/instant_edit/init.lua", false)[1], ":h")

return {
  ["every module loads by itself"] = function(expect)
    local count = 0
    for file in vim.fs.dir(ROOT) do
      local name = file:gsub("%.lua$", ""):gsub("^init$", "")
      package.loaded["instant_edit." .. name] = nil
      expect(
        type(require("instant_edit" .. (name == "" and "" or "." .. name))),
        name == "types" and "boolean" or "table"
      )
      count = count + 1
    end
    expect(count > 15, true)
  end,
  ["the configuration of the server is one table, and names nothing but what Neovim reads"] = function(
    expect
  )
    local config = dofile(vim.api.nvim_get_runtime_file("lsp/instant_edit.lua", false)[1])
    local keys = vim.tbl_keys(config)
    table.sort(keys)
    expect(keys, { "cmd", "commands", "filetypes", "handlers", "init_options", "root_markers" })
  end,
  ["starting Neovim loads nothing but the commands"] = function(expect)
    local loaded = vim.tbl_filter(function(name)
      return vim.startswith(name, "instant_edit")
    end, vim.tbl_keys(package.loaded))
    for _, name in ipairs(loaded) do
      package.loaded[name] = nil
    end
    vim.g.loaded_instant_edit = nil
    vim.cmd.source(vim.api.nvim_get_runtime_file("plugin/instant_edit.lua", false)[1])
    expect(
      vim.iter(vim.tbl_keys(package.loaded)):any(function(name)
        return vim.startswith(name, "instant_edit")
      end),
      false
    )
  end,
  ["the links survive another colour scheme"] = function(expect)
    require("instant_edit.highlights").link()
    vim.cmd.colorscheme("habamax")
    expect(vim.api.nvim_get_hl(0, { name = "InstantEditNew" }).link, "DiffAdd")
  end,
  ["every highlight group is linked to one that exists"] = function(expect)
    require("instant_edit.highlights").link()
    for group, standard in pairs(require("instant_edit.highlights").links) do
      expect(vim.api.nvim_get_hl(0, { name = group }).link, standard)
      expect(vim.fn.hlexists(standard), 1)
    end
  end,
}
