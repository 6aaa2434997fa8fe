/** Drives rewrites: asks, shows drafts, proposes, applies. There is one at a time. */

import * as vscode from "vscode";

import type { Wish } from "../logic/choices.ts";
import type { EditAnswer, Range } from "../logic/contract.ts";
import { Latest } from "../logic/latest.ts";
import type { Connection } from "../server/connection.ts";
import { inWords, toProtocol, toVscodeEdit } from "../server/guarding.ts";
import { Messages } from "./messages.ts";
import type { Painter } from "./painter.ts";
import { drafted, proposed } from "./pictures.ts";
import { Session } from "./session.ts";

/** Milliseconds between two pictures of a draft; typing always comes first. */
const FRAME_MS = 60;

/** The rewrite in progress, and the commands upon it. */
export class Rewriter implements vscode.Disposable {
  readonly #connection: Connection;
  readonly #painter: Painter;
  readonly #messages: Messages;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #drafted = new vscode.EventEmitter<void>();
  readonly #frames = new Latest<Session>(
    (session) => this.#paintDraft(session),
    FRAME_MS,
    (run, delay) => {
      const timer = setTimeout(run, delay);
      return () => clearTimeout(timer);
    },
  );
  readonly #disposables: vscode.Disposable[];
  #session: Session | undefined;

  /** The session or its phase has changed. */
  readonly onDidChange = this.#changed.event;
  /** A denoising step is done. */
  readonly onDidDraft = this.#drafted.event;

  constructor(connection: Connection, painter: Painter, log: vscode.LogOutputChannel) {
    this.#connection = connection;
    this.#painter = painter;
    this.#messages = new Messages(log);
    this.#disposables = [
      this.#changed,
      this.#drafted,
      connection.onDraft((draft) => {
        if (this.#session?.drafted(draft) === true) {
          this.#frames.offer(this.#session);
          this.#drafted.fire();
        }
      }),
      vscode.workspace.onDidChangeTextDocument((event) => this.#textChanged(event)),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document === this.#session?.document) {
          this.#end();
        }
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#repaint()),
    ];
  }

  /** The rewrite in progress. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** Begin a rewrite; one that is in progress is given up. */
  async begin(
    document: vscode.TextDocument,
    ranges: readonly Range[],
    wish: Wish,
    seed = 0,
  ): Promise<void> {
    this.#end();
    this.#session = new Session(document, ranges, wish, seed);
    await this.#ask(this.#session);
  }

  /** Apply the proposal that is shown, as one step to undo; false where it was refused. */
  async accept(): Promise<boolean> {
    const session = this.#session;
    const proposal = session?.candidates.shown?.answer;
    if (session === undefined || session.denoising || proposal === undefined) {
      return false;
    }
    const refused = session.refused(proposal);
    this.#end();
    if (refused !== undefined) {
      this.#messages.refused(inWords(refused));
      return false;
    }
    const applied = await vscode.workspace.applyEdit(toVscodeEdit(proposal.parts));
    if (!applied) {
      this.#messages.refused(vscode.l10n.t("the editor did not take the edit"));
    }
    return applied;
  }

  /** Drop the rewrite; while another candidate is denoised, drop only that. */
  cancel(): void {
    if (this.#session?.denoising === true && this.#session.candidates.count > 0) {
      this.#session.cancel();
      this.#show(this.#session);
    } else {
      this.#end();
    }
  }

  /** Ask for another candidate. */
  async retry(): Promise<void> {
    if (this.#session !== undefined) {
      await this.#ask(this.#session);
    }
  }

  /** Show the following candidate, asking for it where it is not there yet. */
  async next(): Promise<void> {
    if (this.#session?.candidates.forward() === true) {
      this.#show(this.#session);
    } else {
      await this.retry();
    }
  }

  /** Show the candidate before. */
  previous(): void {
    if (this.#session?.candidates.back() === true) {
      this.#show(this.#session);
    }
  }

  /** See `vscode.Disposable`. */
  dispose(): void {
    this.#end();
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  async #ask(session: Session): Promise<void> {
    const { params, pending } = session.request();
    this.#frames.stop();
    this.#changed.fire();
    const began = Date.now();
    try {
      const answer = await this.#connection.edit(params, pending.source.token);
      this.#messages.answered(answer, Date.now() - began);
      if (session.settle(pending)) {
        this.#answered(session, pending.seed, answer);
      }
    } catch (error) {
      if (session.settle(pending)) {
        this.#messages.failed(error);
        this.#back(session);
      }
    }
  }

  #answered(session: Session, seed: number, answer: EditAnswer): void {
    const proposal = session.proposal(answer);
    const refused = proposal && session.refused(proposal);
    if (proposal === undefined) {
      const { document, ranges, wish } = session;
      this.#messages.noEdit(answer, () => this.begin(document, ranges, wish, seed + 1));
      this.#back(session);
    } else if (refused !== undefined) {
      this.#messages.refused(inWords(refused));
      this.#end();
    } else {
      session.candidates.add(seed, proposal);
      this.#show(session);
    }
  }

  /** Where nothing came: show what there was before, or end. */
  #back(session: Session): void {
    if (session.candidates.count > 0) {
      this.#show(session);
    } else if (session === this.#session) {
      this.#end();
    }
  }

  #textChanged(event: vscode.TextDocumentChangeEvent): void {
    const session = this.#session;
    if (session === undefined || event.document !== session.document) {
      return;
    }
    const changes = event.contentChanges.map(({ range, text }) => {
      return { range: toProtocol(range), text };
    });
    if (changes.length > 0 && !session.changed(changes)) {
      this.#end();
      this.#messages.dropped();
    }
  }

  #show(session: Session): void {
    this.#frames.stop();
    this.#painter.paint(session.document, proposed(session));
    this.#changed.fire();
  }

  #paintDraft(session: Session): void {
    this.#painter.paint(session.document, drafted(session));
  }

  #repaint(): void {
    const session = this.#session;
    if (session?.denoising === true) {
      this.#paintDraft(session);
    } else if (session !== undefined) {
      this.#show(session);
    }
  }

  #end(): void {
    const session = this.#session;
    this.#session = undefined;
    this.#frames.stop();
    session?.cancel();
    this.#painter.clear();
    if (session !== undefined) {
      this.#changed.fire();
    }
  }
}
