/** The proposal to be read: a CodeLens above it with what can be done, and a hover with its diff. */

import * as vscode from "vscode";

import { asDiff, hunks } from "../logic/changes.ts";
import { toVscode } from "../server/guarding.ts";
import type { Rewriter } from "./rewriter.ts";
import type { Session } from "./session.ts";

const ACTIONS = {
  accept: "instantEdit.accept",
  reject: "instantEdit.reject",
  retry: "instantEdit.retry",
  next: "instantEdit.next",
};

/** Registers the CodeLens and the hover. */
export function readable(rewriter: Rewriter): vscode.Disposable {
  const everywhere = { scheme: "*" };
  const lenses = { onDidChangeCodeLenses: rewriter.onDidChange, provideCodeLenses };
  const hover = { provideHover };
  return vscode.Disposable.from(
    vscode.languages.registerCodeLensProvider(everywhere, lenses),
    vscode.languages.registerHoverProvider(everywhere, hover),
  );

  function provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const session = proposing(document);
    const [first] = session?.ranges ?? [];
    if (session === undefined || first === undefined) {
      return [];
    }
    const range = toVscode({ start: first.start, end: first.start });
    return titled(session).map(
      ([command, title]) => new vscode.CodeLens(range, { command, title }),
    );
  }

  function provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): vscode.Hover | undefined {
    const session = proposing(document);
    const on = session?.ranges.find((range) => toVscode(range).contains(position));
    return session && on && new vscode.Hover(described(session), toVscode(on));
  }

  function proposing(document: vscode.TextDocument): Session | undefined {
    const { session } = rewriter;
    const shown = session?.document === document && !session.denoising;
    return shown && session.candidates.count > 0 ? session : undefined;
  }
}

function titled(session: Session): [string, string][] {
  const { number, count } = session.candidates;
  return [
    [ACTIONS.accept, `$(check) ${vscode.l10n.t("Accept")}`],
    [ACTIONS.reject, `$(close) ${vscode.l10n.t("Reject")}`],
    [ACTIONS.retry, `$(refresh) ${vscode.l10n.t("Retry")}`],
    [ACTIONS.next, `$(arrow-right) ${vscode.l10n.t("Next Candidate ({0} of {1})", number, count)}`],
  ];
}

function described(session: Session): vscode.MarkdownString {
  const edits = session.candidates.shown?.answer.parts.flatMap((part) => part.edits) ?? [];
  const text = new vscode.MarkdownString("", true);
  text.isTrusted = { enabledCommands: Object.values(ACTIONS) };
  text.appendCodeblock(asDiff(hunks(session.asked.text, edits)), "diff");
  const links = titled(session).map(([command, title]) => `[${title}](command:${command})`);
  return text.appendMarkdown(links.join(" &nbsp; "));
}
