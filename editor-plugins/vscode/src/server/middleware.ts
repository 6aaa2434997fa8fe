/** Between the editor and the server: no edit gets through unless it is for what is there now. */

import * as vscode from "vscode";
import type { CodeActionMiddleware, Middleware, WorkspaceEdit } from "vscode-languageclient/node";

import type { Range, Versioned } from "../logic/contract.ts";
import { documentEdits, type DocumentEdit, type Snapshot } from "../logic/guard.ts";
import { settings } from "../settings.ts";
import { inWords, refusedNow, snapshots, toProtocol } from "./guarding.ts";

/** Takes a code action's params and shows the edit before anything is applied. */
export const PROPOSE = "instantEdit.propose";

/** The params that the server hangs on its code actions. */
export interface ActionData {
  readonly textDocument: Versioned;
  readonly range: Range;
  readonly instruction?: string;
  readonly mode?: "fill" | "rewrite";
}

type Action = vscode.CodeAction & { readonly data?: ActionData };

/** The middleware; `log` is told of every edit that is refused. */
export function middleware(log: vscode.LogOutputChannel): Middleware {
  const asked = new Map<string, Snapshot>();
  return {
    ...codeActions(log),
    provideInlineCompletionItems(document, position, context, token, next) {
      const invoked = context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke;
      return invoked ? next(document, position, context, token) : undefined; // not at every key
    },
    async executeCommand(command, args, next) {
      for (const [uri, snapshot] of snapshots(namedIn(args))) {
        asked.set(uri, snapshot);
      }
      return next(command, args);
    },
    workspace: {
      async handleApplyEdit(params, next) {
        const failureReason = refuse(documentEdits(params.edit as WorkspaceEdit), asked, log);
        asked.clear();
        return failureReason === undefined
          ? next(params, new vscode.CancellationTokenSource().token)
          : { applied: false, failureReason };
      },
    },
  };
}

function codeActions(log: vscode.LogOutputChannel): CodeActionMiddleware {
  return {
    async provideCodeActions(document, range, context, token, next) {
      const actions = (await next(document, range, context, token)) ?? [];
      return settings().lightbulb === "preview" ? actions.map(previewed) : actions;
    },
    async resolveCodeAction(item, token, next) {
      const data = (item as Action).data;
      const asked = snapshots(data === undefined ? [] : [data.textDocument.uri]);
      const resolved = await next(item, token);
      if (resolved?.edit === undefined || data === undefined) {
        return resolved;
      }
      const reason = refuse(converted(resolved.edit, data.textDocument), asked, log);
      if (reason !== undefined) {
        delete resolved.edit;
      }
      return resolved;
    },
  };
}

/** An action that shows its edit first, instead of applying it at once. */
function previewed(action: vscode.Command | vscode.CodeAction): vscode.Command | vscode.CodeAction {
  const { data } = action as Action;
  if (!(action instanceof vscode.CodeAction) || data === undefined) {
    return action;
  }
  const shown = new vscode.CodeAction(action.title, action.kind);
  shown.command = { command: PROPOSE, title: action.title, arguments: [data] };
  if (action.diagnostics !== undefined) {
    shown.diagnostics = action.diagnostics;
  }
  return shown;
}

/** The client has dropped the version on the way, so it comes from what was asked. */
function converted(edit: vscode.WorkspaceEdit, asked: Versioned): DocumentEdit[] {
  return edit.entries().map(([uri, edits]) => ({
    uri: uri.toString() === vscode.Uri.parse(asked.uri).toString() ? asked.uri : uri.toString(),
    version: asked.version,
    edits: edits.map((one) => ({ range: toProtocol(one.range), text: one.newText })),
  }));
}

function refuse(
  edit: readonly DocumentEdit[],
  asked: ReadonlyMap<string, Snapshot>,
  log: vscode.LogOutputChannel,
): string | undefined {
  const refused = refusedNow(edit, asked);
  if (refused === undefined) {
    return undefined;
  }
  const reason = inWords(refused);
  log.warn(`refused an edit: ${reason}`);
  void vscode.window.showWarningMessage(
    vscode.l10n.t("Instant Edit: nothing was applied, because {0}.", reason),
  );
  return reason;
}

function namedIn(args: readonly unknown[]): string[] {
  const [params] = args as readonly [{ textDocument?: Versioned; documents?: unknown[] }?];
  const all = [params, ...(params?.documents ?? [])] as ({ textDocument?: Versioned } | undefined)[];
  return all.flatMap((one) => (one?.textDocument === undefined ? [] : [one.textDocument.uri]));
}
