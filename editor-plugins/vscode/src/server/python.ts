/** The Python environment that is selected in VS Code, as long as the workspace is trusted. */

import * as vscode from "vscode";

import { interpreter, type PythonApi } from "../logic/python.ts";

const EXTENSION = "ms-python.python";

/** Asks the Python extension, if it is there, and hears of another choice. */
export class Python implements vscode.Disposable {
  readonly #selected = new vscode.EventEmitter<void>();
  #listening: vscode.Disposable | undefined;
  #known: string | undefined;

  /** Another environment has been selected than the one that was told last. */
  readonly onDidSelect = this.#selected.event;

  /** The path of the selected Python; what a workspace could choose is not told before it is trusted. */
  async selected(): Promise<string | undefined> {
    this.#known = vscode.workspace.isTrusted ? await this.#asked() : undefined;
    return this.#known;
  }

  /** See `vscode.Disposable`. */
  dispose(): void {
    this.#listening?.dispose();
    this.#selected.dispose();
  }

  #asked(): Promise<string | undefined> {
    const activated = async (): Promise<PythonApi | undefined> => {
      const api = await vscode.extensions.getExtension<PythonApi>(EXTENSION)?.activate();
      this.#listening ??= api?.environments.onDidChangeActiveEnvironmentPath(() => this.#changed());
      return api;
    };
    return interpreter(activated, vscode.window.activeTextEditor?.document.uri);
  }

  /** The extension also tells of changes that change nothing for us. */
  async #changed(): Promise<void> {
    const before = this.#known;
    if ((await this.selected()) !== before) {
      this.#selected.fire();
    }
  }
}
