/** The settings under `instantEdit`, as `package.json` declares them. */

import * as vscode from "vscode";

export const SECTION = "instantEdit";

/** What the user can choose. An empty `serverPath` means that the server is looked for. */
export interface Settings {
  readonly serverPath: string;
  readonly model: string;
  readonly preload: boolean;
  readonly installSource: string;
  readonly candidates: number;
  readonly deadlineMs: number | null;
  readonly lightbulb: "preview" | "apply" | "off";
  readonly livePreview: boolean;
  readonly doubtfulBelow: number;
}

/** Settings that take hold only when the server starts. */
export const NEEDS_RESTART = ["server.path", "model", "preload", "lightbulb"];

/** The settings now. */
export function settings(): Settings {
  const read = vscode.workspace.getConfiguration(SECTION);
  return {
    serverPath: read.get("server.path", "").trim(),
    model: read.get("model", "").trim(),
    preload: read.get("preload", true),
    installSource: read.get("install.source", "instant-edit").trim(),
    candidates: read.get("candidates", 3),
    deadlineMs: read.get<number | null>("deadlineMs", null),
    lightbulb: read.get("lightbulb", "preview"),
    livePreview: read.get("preview.live", true),
    doubtfulBelow: read.get("preview.doubtfulBelow", 0.5),
  };
}
