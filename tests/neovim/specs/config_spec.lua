local config = require("instant_edit.config")

return {
  ["without settings the defaults are in force"] = function(expect)
    vim.g.instant_edit = nil
    config.setup()
    expect(config.get(), config.defaults)
    expect(config.faults(), {})
  end,
  ["setup() goes before the global variable, key by key"] = function(expect)
    vim.g.instant_edit = { doubt = 0.1, candidates = 2 }
    config.setup({ doubt = 0.2 })
    expect({ config.get().doubt, config.get().candidates }, { 0.2, 2 })
  end,
  ["every wrong value is named by its key and left out"] = function(expect)
    vim.g.instant_edit = { doubt = "much", candidates = 0, deadline_ms = 1.5, keys = { go = "x" } }
    config.setup()
    expect(config.get(), config.defaults)
    expect(#config.faults(), 4)
    expect(config.faults()[4]:find("go is not an action", 1, true) ~= nil, true)
  end,
}
