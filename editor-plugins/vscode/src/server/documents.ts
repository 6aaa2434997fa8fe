/** Which documents the server can edit. */

import type * as vscode from "vscode";

/** Languages with a grammar in the server. */
export const LANGUAGES = [
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
  "shellscript",
  "json",
  "html",
  "css",
];

/** Files, unsaved documents and the cells of notebooks, each a document of its own. */
export const SCHEMES = ["file", "untitled", "vscode-remote", "vscode-notebook-cell"];

/** Whether the server can edit this document. */
export function editable(document: vscode.TextDocument): boolean {
  return LANGUAGES.includes(document.languageId) && SCHEMES.includes(document.uri.scheme);
}
