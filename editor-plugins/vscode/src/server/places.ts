/** Where a server may be on this machine, in the order in which it is looked for. */

import { join } from "node:path";

import * as vscode from "vscode";

import type { Place } from "../logic/discovery.ts";
import type { Settings } from "../settings.ts";
import { AS_MODULE, pythonIn } from "./environment.ts";

/** The part of the Python extension's API that is used. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(path: { readonly path: string }): Promise<
      { readonly executable: { readonly uri?: vscode.Uri } } | undefined
    >;
  };
}

/** The places to ask; what a workspace could choose is left out until it is trusted. */
export async function places(settings: Settings, storage: vscode.Uri): Promise<Place[]> {
  if (settings.serverPath !== "") {
    return [{ source: "setting", command: settings.serverPath, args: [] }];
  }
  const python = vscode.workspace.isTrusted ? await selectedPython() : undefined;
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

/** The Python that is selected for this workspace, if the Python extension is there to say. */
export async function selectedPython(): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>("ms-python.python");
  try {
    const api = await extension?.activate();
    const resource = vscode.window.activeTextEditor?.document.uri;
    const path = api?.environments.getActiveEnvironmentPath(resource);
    const environment = path && (await api?.environments.resolveEnvironment(path));
    return environment?.executable.uri?.fsPath;
  } catch {
    return undefined; // the Python extension has its own troubles: look further
  }
}
