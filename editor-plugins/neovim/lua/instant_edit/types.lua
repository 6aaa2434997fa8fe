---@meta

---Bytes of a buffer: rows from 0, columns in bytes from 0, the end excluded.
---@class instant_edit.Range
---@field bufnr integer
---@field start_row integer
---@field start_col integer
---@field end_row integer
---@field end_col integer

---Part of a draft and how sure the model is of it; open slots are "▒" with 0.
---@class instant_edit.Piece
---@field text string
---@field confidence number from 0 to 1

---What is to replace the bytes `from` to `to` (excluded) of a span's text.
---@class instant_edit.Change
---@field from integer
---@field to integer
---@field text string
---@field pieces? instant_edit.Piece[] of `text`, where they are known

---@class instant_edit.Finding
---@field kind string
---@field message string
---@field position lsp.Position

---Answer to `instantEdit/edit`.
---@class instant_edit.Answer
---@field edit? lsp.WorkspaceEdit
---@field verdict {ok: boolean, findings: instant_edit.Finding[]}
---@field stats {steps: integer, milliseconds: number}

---Notification `instantEdit/draft`.
---@class instant_edit.DraftParams
---@field draftToken string|integer
---@field step integer
---@field masked integer
---@field drafts instant_edit.Draft[]

---@class instant_edit.Draft
---@field textDocument lsp.VersionedTextDocumentIdentifier
---@field range lsp.Range
---@field text string
---@field pieces instant_edit.Piece[]

---@class instant_edit.Model
---@field id string
---@field state "unloaded"|"loading"|"ready"|"failed"
---@field message? string

---Answer to `instantEdit/status`.
---@class instant_edit.Status
---@field version string
---@field protocol integer
---@field model instant_edit.Model
---@field kinds {id: string, title: string}[]

---One answer, under the seed it was asked for with; one list of changes for each span.
---@class instant_edit.Candidate
---@field seed integer
---@field changes instant_edit.Change[][]
---@field shown instant_edit.Change[][] the same texts, with the confidence where it is known
---@field reasons? string[] why there is nothing to accept

---What to edit and how; ranges may lie in several buffers.
---@class instant_edit.Options
---@field ranges? instant_edit.Range[] (default: those marked, or else the current line)
---@field instruction? string (default: asked for; "" writes the span anew)
---@field immediate? boolean accept the first answer without showing it
---@field seed? integer (default: 0)
