/** Making a Python environment of our own and installing the server into it. */

import * as vscode from "vscode";

import type { Settings } from "../settings.ts";
import { privateEnvironment, privatePython, selectedPython } from "./places.ts";
import { run } from "./process.ts";

const PYTHONS = ["python3.13", "python3.12", "python3.11", "python3", "python"];
const NEW_ENOUGH = "import sys; raise SystemExit(sys.version_info < (3, 11))";
const MINUTE = 60_000;

/** Ask first, then install; true when a server is there afterwards. Throws with pip's words. */
export async function offerInstall(
  settings: Settings,
  storage: vscode.Uri,
  log: vscode.LogOutputChannel,
): Promise<boolean> {
  const install = vscode.l10n.t("Install");
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t("Instant Edit: no language server was found on this machine."),
    {
      modal: true,
      detail: vscode.l10n.t(
        "It can be installed with pip as “{0}” into an environment of its own in {1}. Nothing else is changed.",
        settings.installSource,
        privateEnvironment(storage),
      ),
    },
    install,
  );
  if (answer !== install) {
    return false;
  }
  const title = vscode.l10n.t("Instant Edit: installing the language server");
  const where = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  await vscode.window.withProgress(where, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const say = (message: string): void => {
      log.info(message);
      progress.report({ message });
    };
    await installInto(settings.installSource, storage, stop.signal, say);
  });
  return true;
}

async function installInto(
  source: string,
  storage: vscode.Uri,
  signal: AbortSignal,
  say: (message: string) => void,
): Promise<void> {
  const python = await newEnoughPython();
  const folder = privateEnvironment(storage);
  say(vscode.l10n.t("making an environment with {0}", python));
  await vscode.workspace.fs.createDirectory(storage);
  await succeed(python, ["-m", "venv", "--clear", folder], signal);
  say(vscode.l10n.t("pip install {0}", source));
  await succeed(privatePython(storage), ["-m", "pip", "install", source], signal);
}

async function newEnoughPython(): Promise<string> {
  const selected = vscode.workspace.isTrusted ? await selectedPython() : undefined;
  for (const python of selected === undefined ? PYTHONS : [selected, ...PYTHONS]) {
    const outcome = await run(python, ["-c", NEW_ENOUGH], { timeoutMs: MINUTE }).catch(() => null);
    if (outcome?.code === 0) {
      return python;
    }
  }
  throw new Error(
    vscode.l10n.t("Python 3.11 or newer was not found (looked for {0}).", PYTHONS.join(", ")),
  );
}

async function succeed(command: string, args: string[], signal: AbortSignal): Promise<void> {
  const outcome = await run(command, args, { timeoutMs: 30 * MINUTE, signal });
  if (outcome.code !== 0) {
    const said = outcome.stderr.trim().split("\n").slice(-5).join("\n");
    throw new Error(`${command} ${args.join(" ")} (${outcome.code}): ${said}`);
  }
}
