/** Running the command `instant-edit` and Python, never from a folder of the workspace. */

import { execFile } from "node:child_process";
import { homedir } from "node:os";

import type { Answer, Place } from "../logic/discovery.ts";

/**
 * Where and how every process starts: outside the workspace, and with Python told not to import
 * from the current folder, so that opening a folder runs no code of it.
 */
export const SURROUNDINGS = {
  cwd: homedir(),
  env: { ...process.env, PYTHONSAFEPATH: "1", PYTHONUTF8: "1" },
};

/** What a command said and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run a command to its end; a command that cannot be started throws. */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<Outcome> {
  const { timeoutMs: timeout, signal } = options;
  const settings = { ...SURROUNDINGS, timeout, maxBuffer: 2 ** 24, ...(signal && { signal }) };
  return new Promise((resolve, reject) => {
    execFile(command, [...args], settings, (error, stdout, stderr) => {
      if (error === null) {
        resolve({ code: 0, stdout, stderr });
      } else if (typeof error.code === "number") {
        resolve({ code: error.code, stdout, stderr });
      } else {
        reject(error.killed === true ? new Error(`${command} did not end in time`) : error);
      }
    });
  });
}

/** Ask a place for its version. */
export async function askVersion(place: Place): Promise<Answer> {
  try {
    const outcome = await run(place.command, [...place.args, "--version"], { timeoutMs: 30_000 });
    if (outcome.code === 0) {
      return { output: outcome.stdout.trim() };
    }
    const lines = outcome.stderr.trim().split("\n");
    return { error: lines[lines.length - 1] || `exits with status ${outcome.code}` };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
