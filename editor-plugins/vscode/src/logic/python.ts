/** What the Python extension says of the environment that is selected. */

import type { PythonExtension, Resource } from "@vscode/python-extension";

/** The part of its published API that is used. */
export interface PythonApi {
  readonly ready: PythonExtension["ready"];
  readonly environments: Pick<
    PythonExtension["environments"],
    "getActiveEnvironmentPath" | "resolveEnvironment" | "onDidChangeActiveEnvironmentPath"
  >;
}

/** Milliseconds that the Python extension gets for an answer; our server does not wait longer. */
export const PATIENCE_MS = 15_000;

/**
 * The path of the Python that is selected. Undefined where there is none, and where the extension
 * has troubles of its own: the server may be elsewhere.
 */
export async function interpreter(
  activated: () => PromiseLike<PythonApi | undefined>,
  resource: Resource | undefined,
  patienceMs = PATIENCE_MS,
): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  try {
    return await Promise.race([asked(activated, resource), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function asked(
  activated: () => PromiseLike<PythonApi | undefined>,
  resource: Resource | undefined,
): Promise<string | undefined> {
  const api = await activated();
  await api?.ready;
  const path = api?.environments.getActiveEnvironmentPath(resource);
  const environment = path && (await api?.environments.resolveEnvironment(path));
  return environment?.executable.uri?.fsPath;
}
