---Highlight groups, each linked to one that every colour scheme has.
local M = {}

M.links = {
  InstantEditOld = "DiffDelete",
  InstantEditNew = "DiffAdd",
  InstantEditDoubtful = "Comment",
  InstantEditOpen = "NonText",
  InstantEditKept = "Normal",
  InstantEditMarked = "Visual",
  InstantEditTitle = "Title",
  InstantEditHint = "Comment",
  InstantEditError = "DiagnosticError",
}

---Link the groups that the user has not set.
function M.link()
  for group, standard in pairs(M.links) do
    vim.api.nvim_set_hl(0, group, { link = standard, default = true })
  end
end

return M
