/** Making a Python environment of our own and installing the server into it. */

import * as vscode from "vscode";

import type { Settings } from "../settings.ts";
import { install, make, newEnough, PYTHONS } from "./environment.ts";
import { privateEnvironment } from "./places.ts";
import type { Python } from "./python.ts";

/** Ask first, then install; true when a server is there afterwards. Throws with pip's words. */
export async function offerInstall(
  settings: Settings,
  storage: vscode.Uri,
  selected: Python,
  log: vscode.LogOutputChannel,
): Promise<boolean> {
  const yes = vscode.l10n.t("Install");
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
    yes,
  );
  if (answer !== yes) {
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
    const python = await newEnough([(await selected.selected()) ?? [], PYTHONS].flat());
    await installInto(python, settings.installSource, privateEnvironment(storage), stop.signal, say);
  });
  return true;
}

async function installInto(
  python: string | undefined,
  source: string,
  folder: string,
  signal: AbortSignal,
  say: (message: string) => void,
): Promise<void> {
  if (python === undefined) {
    throw new Error(
      vscode.l10n.t("Python 3.11 or newer was not found (looked for {0}).", PYTHONS.join(", ")),
    );
  }
  say(vscode.l10n.t("making an environment with {0}", python));
  await make(python, folder, signal);
  say(vscode.l10n.t("pip install {0}", source));
  await install(folder, source, signal);
}
