/** What the language client is told: which documents, which options, who stands between. */

import type * as vscode from "vscode";
import {
  RevealOutputChannelOn,
  type ErrorHandler,
  type LanguageClientOptions,
} from "vscode-languageclient/node";

import { REWRITE } from "../logic/contract.ts";
import { settings } from "../settings.ts";
import { LANGUAGES, SCHEMES } from "./documents.ts";
import { middleware } from "./middleware.ts";

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
