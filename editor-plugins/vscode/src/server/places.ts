/** Where a server may be on this machine, in the order in which it is looked for. */

import { join } from "node:path";

import type * as vscode from "vscode";

import type { Place } from "../logic/discovery.ts";
import type { Settings } from "../settings.ts";
import { AS_MODULE, pythonIn } from "./environment.ts";
import type { Python } from "./python.ts";

/** The places to ask. */
export async function places(
  settings: Settings,
  storage: vscode.Uri,
  selected: Python,
): Promise<Place[]> {
  if (settings.serverPath !== "") {
    return [{ source: "setting", command: settings.serverPath, args: [] }];
  }
  const python = await selected.selected();
  const found: Place[] = [];
  if (python !== undefined) {
    found.push({ source: "python", command: python, args: AS_MODULE });
  }
  found.push({ source: "path", command: "instant-edit", args: [] });
  found.push({ source: "private", command: pythonIn(privateEnvironment(storage)), args: AS_MODULE });
  return found;
}

/** The folder of the environment that this extension makes for itself. */
export function privateEnvironment(storage: vscode.Uri): string {
  return join(storage.fsPath, "environment");
}
