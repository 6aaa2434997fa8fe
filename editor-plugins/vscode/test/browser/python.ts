/** A double of the Python extension: its name, and what we use of the API that it publishes. */

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../", import.meta.url));
const VSCE = join(FOLDER, "node_modules/.bin/vsce");
const PACK = ["package", "--no-dependencies", "--allow-missing-repository", "--skip-license"];

/** The command with which the double selects the Python after the one that is selected. */
export const SELECT_NEXT = "Python Double: Select Next";

const MANIFEST = {
  name: "python",
  publisher: "ms-python",
  version: "2099.0.0",
  engines: { vscode: "^1.100.0" },
  main: "./main.cjs",
  contributes: { commands: [{ command: "pythonDouble.selectNext", title: SELECT_NEXT }] },
};

/** Make its package in a folder, with these Pythons to select from; the path of the package. */
export function pythonExtension(folder: string, pythons: readonly string[]): string {
  const source = join(folder, "python");
  const vsix = join(folder, "python.vsix");
  mkdirSync(source);
  writeFileSync(join(source, "package.json"), JSON.stringify(MANIFEST));
  writeFileSync(join(source, "README.md"), "A double for tests.\n");
  writeFileSync(join(source, "main.cjs"), main(pythons));
  execFileSync(VSCE, [...PACK, "--out", vsix], { cwd: source, stdio: "pipe" });
  return vsix;
}

function main(pythons: readonly string[]): string {
  return `
const vscode = require("vscode");
const pythons = ${JSON.stringify(pythons)};
let number = 0;
const changed = new vscode.EventEmitter();
const selected = () => ({ id: pythons[number], path: pythons[number] });
exports.activate = () => {
  vscode.commands.registerCommand("pythonDouble.selectNext", () => {
    number = (number + 1) % pythons.length;
    changed.fire({ ...selected(), resource: undefined });
  });
  const resolveEnvironment = async ({ id, path }) => {
    const executable = { uri: vscode.Uri.file(path), bitness: "64-bit", sysPrefix: "/" };
    return { id, path, executable, environment: undefined, version: undefined, tools: [] };
  };
  return {
    ready: Promise.resolve(),
    environments: {
      getActiveEnvironmentPath: selected,
      resolveEnvironment,
      onDidChangeActiveEnvironmentPath: changed.event,
    },
  };
};
`;
}
