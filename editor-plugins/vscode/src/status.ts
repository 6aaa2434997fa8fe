/** The status bar item: the model and its state, the steps of a rewrite, and the way to cancel. */

import * as vscode from "vscode";

import type { DraftParams } from "./logic/contract.ts";
import type { Rewriter } from "./rewrite/rewriter.ts";
import type { Connection } from "./server/connection.ts";

const SLOW_MS = 1_000;

/** What the item shows. */
interface Face {
  readonly text: string;
  readonly tooltip: string;
  readonly command: string;
  readonly bad?: boolean;
}

/** Keeps the item true. */
export function statusBar(connection: Connection, rewriter: Rewriter): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("instantEdit", vscode.StatusBarAlignment.Right, 90);
  item.name = "Instant Edit";
  const update = (): void => {
    const face = working(rewriter) ?? resting(connection);
    item.text = face.text;
    item.tooltip = face.tooltip;
    item.command = face.command;
    item.backgroundColor =
      face.bad === true ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    item.show();
  };
  update();
  return vscode.Disposable.from(
    item,
    connection.onDidChange(update),
    rewriter.onDidChange(update),
    rewriter.onDidDraft(update),
    rewriter.onDidChange(cancellableWhenSlow(rewriter)),
  );
}

function working({ session }: Rewriter): Face | undefined {
  if (session?.denoising === true) {
    return {
      text: `$(sync~spin) ${stepOf(session.draft)}`,
      tooltip: vscode.l10n.t("Instant Edit is denoising. Click to cancel."),
      command: "instantEdit.cancel",
    };
  }
  if (session !== undefined && session.candidates.count > 0) {
    return {
      text: `$(zap) ${vscode.l10n.t("accept?")}`,
      tooltip: vscode.l10n.t("Instant Edit proposes an edit. Click to accept it."),
      command: "instantEdit.accept",
    };
  }
  return undefined;
}

function resting({ condition, model }: Connection): Face {
  const command = "instantEdit.menu";
  switch (condition.is) {
    case "running":
      return modelFace(model?.id ?? "?", model?.state ?? "unloaded", model?.message);
    case "missing":
    case "failed": {
      const reason =
        condition.is === "failed" ? condition.reason : vscode.l10n.t("no server was found");
      const tooltip = vscode.l10n.t("Instant Edit cannot work: {0}. Click to mend it.", reason);
      return { text: "$(warning) Instant Edit", tooltip, command, bad: true };
    }
    case "stopped": {
      const tooltip = vscode.l10n.t("Instant Edit: the server is stopped");
      return { text: "$(circle-slash) Instant Edit", tooltip, command };
    }
    default: {
      const tooltip = vscode.l10n.t("Instant Edit: the server is starting");
      return { text: "$(sync~spin) Instant Edit", tooltip, command };
    }
  }
}

function modelFace(id: string, state: string, message: string | undefined): Face {
  const icons: Record<string, string> = { loading: "sync~spin", failed: "warning" };
  const states: Record<string, string> = {
    unloaded: vscode.l10n.t("loaded at the first edit"),
    loading: vscode.l10n.t("loading"),
    ready: vscode.l10n.t("ready"),
    failed: vscode.l10n.t("cannot be used"),
  };
  const lines = [vscode.l10n.t("Instant Edit, model {0}: {1}", id, states[state] ?? state)];
  return {
    text: `$(${icons[state] ?? "zap"}) ${id}`,
    tooltip: [...lines, ...(message === undefined ? [] : [message])].join("\n"),
    command: "instantEdit.menu",
    bad: state === "failed",
  };
}

/** A rewrite that takes long, or a model that is being loaded, shows a notification with Cancel. */
function cancellableWhenSlow(rewriter: Rewriter): () => void {
  let watched: unknown;
  return () => {
    const { session } = rewriter;
    if (session?.denoising !== true || session === watched) {
      return;
    }
    watched = session;
    setTimeout(() => {
      if (rewriter.session === session && session.denoising) {
        void progress(rewriter);
      }
    }, SLOW_MS);
  };
}

function progress(rewriter: Rewriter): Thenable<void> {
  const { session } = rewriter;
  const where = vscode.ProgressLocation.Notification;
  const options = { location: where, title: "Instant Edit", cancellable: true };
  return vscode.window.withProgress(options, (report, token) => {
    return new Promise<void>((done) => {
      const listeners = [
        token.onCancellationRequested(() => rewriter.cancel()),
        rewriter.onDidDraft(() => report.report({ message: stepOf(session?.draft) })),
        rewriter.onDidChange(() => {
          if (rewriter.session !== session || session?.denoising !== true) {
            vscode.Disposable.from(...listeners).dispose();
            done();
          }
        }),
      ];
    });
  });
}

function stepOf(draft: DraftParams | undefined): string {
  return draft === undefined
    ? vscode.l10n.t("waiting for the model")
    : vscode.l10n.t("step {0}, {1} tokens left", draft.step, draft.masked);
}
