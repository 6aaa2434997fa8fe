/** What the language client is told: which documents, which options, who stands between. */

import * as vscode from "vscode";
import {
  RevealOutputChannelOn,
  type ErrorHandler,
  type LanguageClientOptions,
} from "vscode-languageclient/node";

import { middleware } from "./middleware.ts";
import { settings } from "../settings.ts";

/** The command that asks for an instruction; the server's code action “Rewrite…” runs it. */
export const REWRITE = "instantEdit.rewrite";

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
const SCHEMES = ["file", "untitled", "vscode-remote", "vscode-notebook-cell"];

/** Whether the server can edit this document. */
export function editable(document: vscode.TextDocument): boolean {
  return LANGUAGES.includes(document.languageId) && SCHEMES.includes(document.uri.scheme);
}

/** The options of a new language client. */
export function clientOptions(
  log: vscode.LogOutputChannel,
  errorHandler: ErrorHandler,
): LanguageClientOptions {
  const { model, preload, lightbulb } = settings();
  return {
    documentSelector: SCHEMES.flatMap((scheme) =>
      LANGUAGES.map((language) => ({ scheme, language })),
    ),
    outputChannel: log,
    traceOutputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    errorHandler,
    middleware: middleware(log),
    initializationOptions: {
      status: true,
      preload,
      rewriteCommand: REWRITE,
      ...(model === "" ? {} : { model }),
      ...(lightbulb === "off" ? { codeActions: [] } : {}),
    },
    initializationFailedHandler: () => false,
  };
}
