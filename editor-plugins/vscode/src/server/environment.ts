/** The Python environment of the extension's own: where it is, and how it is made. */

import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { run } from "./process.ts";

const WINDOWS = process.platform === "win32";
const NEW_ENOUGH = "import sys; raise SystemExit(sys.version_info < (3, 11))";
const MINUTE = 60_000;

/** Pythons that are looked for, the newest first. */
export const PYTHONS = ["python3.13", "python3.12", "python3.11", "python3", "python"];

/** Arguments that make a Python run our command and nothing of the current folder. */
export const AS_MODULE = ["-P", "-m", "instant_edit"];

/** The Python of an environment in this folder, whether it has been made or not. */
export function pythonIn(folder: string): string {
  return join(folder, WINDOWS ? "Scripts" : "bin", WINDOWS ? "python.exe" : "python");
}

/** The first of these Pythons that is 3.11 or newer. */
export async function newEnough(pythons: readonly string[]): Promise<string | undefined> {
  for (const python of pythons) {
    const outcome = await run(python, ["-c", NEW_ENOUGH], { timeoutMs: MINUTE }).catch(() => null);
    if (outcome?.code === 0) {
      return python;
    }
  }
  return undefined;
}

/** Make an environment anew in `folder`. Throws with the last words of what failed. */
export async function make(python: string, folder: string, signal: AbortSignal): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  await succeed(python, ["-m", "venv", "--clear", folder], signal);
}

/** Install what pip calls `source` into the environment in `folder`. Throws as `make` does. */
export async function install(folder: string, source: string, signal: AbortSignal): Promise<void> {
  await succeed(pythonIn(folder), ["-m", "pip", "install", source], signal);
}

async function succeed(command: string, args: string[], signal: AbortSignal): Promise<void> {
  const outcome = await run(command, args, { timeoutMs: 30 * MINUTE, signal });
  if (outcome.code !== 0) {
    const said = outcome.stderr.trim().split("\n").slice(-5).join("\n");
    throw new Error(`${command} ${args.join(" ")} (${outcome.code}): ${said}`);
  }
}
