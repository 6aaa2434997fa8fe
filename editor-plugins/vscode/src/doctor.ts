/** “Instant Edit: Doctor”: what was looked for, what was found, and how to mend what is missing. */

import * as vscode from "vscode";

import type { Search, Tried } from "./logic/discovery.ts";
import type { Connection } from "./server/connection.ts";
import { run } from "./server/process.ts";

const MINUTE = 60_000;

/** Examine everything and show it as a document that can be put into a report of a bug. */
export async function doctor(
  connection: Connection,
  context: vscode.ExtensionContext,
): Promise<void> {
  const title = vscode.l10n.t("Instant Edit: examining the installation");
  const where = { location: vscode.ProgressLocation.Notification, title };
  const content = await vscode.window.withProgress(where, () => report(connection, context));
  const document = await vscode.workspace.openTextDocument({ content, language: "markdown" });
  await vscode.window.showTextDocument(document, { preview: true });
}

async function report(connection: Connection, context: vscode.ExtensionContext): Promise<string> {
  const search = await connection.search();
  const { version } = context.extension.packageJSON as { version: string };
  const { condition } = connection;
  return [
    "# Instant Edit: Doctor",
    "",
    `- extension ${version}, VS Code ${vscode.version}, ${process.platform} ${process.arch}`,
    `- workspace trusted: ${vscode.workspace.isTrusted ? "yes" : "no"}`,
    `- server: ${condition.is}${condition.is === "failed" ? `, ${condition.reason}` : ""}`,
    `- model: ${connection.model === undefined ? "?" : JSON.stringify(connection.model)}`,
    "",
    `## ${vscode.l10n.t("Where the server was looked for")}`,
    "",
    ...search.tried.map(line),
    "",
    `## ${vscode.l10n.t("What it says of itself")}`,
    "",
    await examined(search),
    "",
  ].join("\n");
}

function line({ place, version, fault }: Tried): string {
  const command = [place.command, ...place.args].join(" ");
  return `- ${place.source}: \`${command}\`: ${fault ?? `version ${version}`}`;
}

async function examined({ found }: Search): Promise<string> {
  if (found === undefined) {
    return vscode.l10n.t(
      "There is no server. Run “Instant Edit: Install Language Server”, or name one in the setting instantEdit.server.path.",
    );
  }
  const { command, args } = found.place;
  const outcome = await run(command, [...args, "doctor"], { timeoutMs: 2 * MINUTE });
  return ["```text", (outcome.stdout + outcome.stderr).trim(), "```"].join("\n");
}
