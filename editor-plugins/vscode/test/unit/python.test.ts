import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";

import type { EnvironmentPath, PythonExtension, Resource } from "@vscode/python-extension";

import { interpreter, type PythonApi } from "../../src/logic/python.ts";

type Resolved = Awaited<ReturnType<PythonExtension["environments"]["resolveEnvironment"]>>;

const CHOSEN: EnvironmentPath = { id: "/envs/a", path: "/envs/a/bin/python" };
const FOLDER = { uri: "file:///work", name: "work", index: 0 } as unknown as Resource;

/** An environment as the Python extension resolves it; an environment of conda may have no Python. */
function environment(python: string | undefined): Resolved {
  const uri = python === undefined ? undefined : { fsPath: python, scheme: "file" };
  return {
    ...CHOSEN,
    executable: { uri: uri as never, bitness: "64-bit", sysPrefix: "/envs/a" },
    environment: undefined,
    version: undefined,
    tools: ["Venv"],
  };
}

/** The Python extension, of the types that it publishes, with one environment selected. */
function extension(resolved: Resolved | Promise<Resolved>, ready = Promise.resolve()): PythonApi {
  return {
    ready,
    environments: {
      getActiveEnvironmentPath: (resource) => {
        assert.equal(resource, FOLDER);
        return CHOSEN;
      },
      resolveEnvironment: async (path) => {
        assert.equal(path, CHOSEN);
        return resolved;
      },
      onDidChangeActiveEnvironmentPath: () => ({ dispose: () => undefined }),
    },
  };
}

const asked = (api: PythonApi | undefined, patience?: number): Promise<string | undefined> => {
  return interpreter(async () => api, FOLDER, patience);
};

test("the selected environment's Python is taken, once the Python extension is ready", async () => {
  let made = (): void => undefined;
  const ready = new Promise<void>((resolve) => (made = resolve));
  let told: string | undefined;
  const answer = asked(extension(environment(CHOSEN.path), ready)).then((path) => (told = path));
  await setImmediate();
  assert.equal(told, undefined);
  made();
  assert.equal(await answer, CHOSEN.path);
});

test("no extension, no environment, and one without a Python are none", async () => {
  assert.equal(await asked(undefined), undefined);
  assert.equal(await asked(extension(undefined)), undefined);
  assert.equal(await asked(extension(environment(undefined))), undefined);
});

test("an extension that fails, is too old, or never answers does not stop the search", async () => {
  const failing = (): Promise<never> => Promise.reject(new Error("no Python here"));
  assert.equal(await interpreter(failing, FOLDER), undefined);
  assert.equal(await asked(extension(failing())), undefined);
  assert.equal(await asked({} as PythonApi), undefined);
  assert.equal(await asked(extension(new Promise(() => undefined)), 1), undefined);
});
