/** What the user is told of a rewrite: a word in the status bar, or a message where it matters. */

import * as vscode from "vscode";

import { CANCELLED, CONTENT_MODIFIED, DIED, type EditAnswer } from "../logic/contract.ts";

const BRIEFLY_MS = 5_000;

/** Speaks, and writes the same into the log. */
export class Messages {
  readonly #log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /** An answer came; only the log is told. */
  answered({ verdict, stats }: EditAnswer, milliseconds: number): void {
    const outcome = verdict.ok ? "an edit" : "no edit";
    this.#log.info(
      `${outcome} after ${milliseconds} ms: ${stats.steps} steps, ${stats.tokens} tokens`,
    );
  }

  /** The text changed under the rewrite. */
  dropped(): void {
    this.#briefly(vscode.l10n.t("Instant Edit: dropped, because the text has changed"));
  }

  /** An edit came, and was not for what is there now. */
  refused(reason: string): void {
    this.#log.warn(`refused an edit: ${reason}`);
    void vscode.window.showWarningMessage(
      vscode.l10n.t("Instant Edit: nothing was applied, because {0}.", reason),
    );
  }

  /** Nothing passed the gate, or nothing would change. */
  noEdit({ verdict }: EditAnswer, again: () => Promise<void>): void {
    if (verdict.ok) {
      this.#briefly(vscode.l10n.t("Instant Edit: the span would stay as it is"));
      return;
    }
    const reasons = verdict.findings.map(({ message, position }) => {
      return vscode.l10n.t("line {0}: {1}", position.line + 1, message);
    });
    this.#log.info(`no edit: ${reasons.join("; ")}`);
    const retry = vscode.l10n.t("Retry");
    const text = vscode.l10n.t("Instant Edit: no draft passed validation. {0}", reasons[0] ?? "");
    void vscode.window.showWarningMessage(text, retry).then((answer) => {
      return answer === retry ? again() : undefined;
    });
  }

  /** The server answered with an error. */
  failed(error: unknown): void {
    const { code, message } = error as { code?: number; message?: string };
    if (code === CANCELLED) {
      return;
    }
    if (code === CONTENT_MODIFIED) {
      this.dropped();
      return;
    }
    const died = vscode.l10n.t("the server died at this edit; it is started again");
    const reason = code === DIED ? died : (message ?? String(error));
    this.#log.error(`the edit failed: ${reason}`);
    void vscode.window.showErrorMessage(vscode.l10n.t("Instant Edit: {0}", reason));
  }

  #briefly(text: string): void {
    this.#log.info(text);
    vscode.window.setStatusBarMessage(text, BRIEFLY_MS);
  }
}
