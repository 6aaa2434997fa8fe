/** One rewrite, from the request to its end: what was asked, and the answers so far. */

import * as vscode from "vscode";

import { Candidates } from "../logic/candidates.ts";
import type { Wish } from "../logic/choices.ts";
import type { DraftParams, EditAnswer, EditParams, Range } from "../logic/contract.ts";
import { documentEdits, type DocumentEdit, type Snapshot } from "../logic/guard.ts";
import type { Change } from "../logic/text.ts";
import { follow } from "../logic/track.ts";
import { refusedNow, snapshot } from "../server/guarding.ts";
import { settings } from "../settings.ts";

/** An edit that passed the gate. */
export interface Proposal {
  readonly parts: readonly DocumentEdit[];
  readonly answer: EditAnswer;
}

/** A request on its way. */
interface Pending {
  readonly seed: number;
  readonly token: string;
  readonly source: vscode.CancellationTokenSource;
}

let numbers = 0;

/** The state of one rewrite; `Rewriter` drives it. */
export class Session {
  readonly document: vscode.TextDocument;
  readonly wish: Wish;
  readonly candidates: Candidates<Proposal>;
  readonly #name = `rewrite-${++numbers}`;
  #ranges: readonly Range[];
  #asked: Snapshot;
  #pending: Pending | undefined;

  /** The newest draft of the request on its way. */
  draft: DraftParams | undefined;

  constructor(document: vscode.TextDocument, ranges: readonly Range[], wish: Wish, seed: number) {
    this.document = document;
    this.wish = wish;
    this.candidates = new Candidates(seed);
    this.#ranges = ranges;
    this.#asked = snapshot(document);
  }

  /** Where the spans are now. */
  get ranges(): readonly Range[] {
    return this.#ranges;
  }

  /** The document as it was when the edit was asked for. */
  get asked(): Snapshot {
    return this.#asked;
  }

  /** Whether a request is on its way. */
  get denoising(): boolean {
    return this.#pending !== undefined;
  }

  /** Make a request for a seed not tried yet; the one before it, if any, is cancelled. */
  request(): { readonly params: EditParams; readonly pending: Pending } {
    this.cancel();
    const { candidates, deadlineMs, livePreview } = settings();
    const seed = this.candidates.nextSeed();
    const pending = {
      seed,
      token: `${this.#name}/${seed}`,
      source: new vscode.CancellationTokenSource(),
    };
    this.#pending = pending;
    const { uri, version } = this.#asked;
    const params: EditParams = {
      textDocument: { uri, version },
      ranges: this.#ranges,
      ...this.wish,
      seed,
      candidates,
      ...(deadlineMs === null ? {} : { deadlineMs }),
      ...(livePreview ? { draftToken: pending.token } : {}),
    };
    return { params, pending };
  }

  /** Take a request for answered; false where it was cancelled or replaced before. */
  settle(pending: Pending): boolean {
    const current = this.#pending === pending;
    if (current) {
      this.#pending = undefined;
      this.draft = undefined;
    }
    pending.source.dispose();
    return current;
  }

  /** Cancel the request on its way. */
  cancel(): void {
    this.#pending?.source.cancel();
    this.#pending = undefined;
    this.draft = undefined;
  }

  /** Keep a draft, if it is of the request on its way and of the text as it is. */
  drafted(draft: DraftParams): boolean {
    const { version } = this.document;
    const current = draft.drafts.every(({ textDocument }) => textDocument.version === version);
    if (this.#pending?.token !== draft.draftToken || !current) {
      return false;
    }
    this.draft = draft;
    return true;
  }

  /**
   * Follow a change of the document; false where the session cannot go on. The server makes the
   * edit fit a text that changed elsewhere; what has passed the gate was judged as it stood.
   */
  changed(changes: readonly Change[]): boolean {
    const moved = follow(this.#ranges, changes);
    if (!this.denoising || this.candidates.count > 0 || moved === undefined) {
      return false;
    }
    this.#ranges = moved;
    this.#asked = snapshot(this.document);
    return true;
  }

  /** The proposal in an answer; undefined where the gate let nothing through. */
  proposal(answer: EditAnswer): Proposal | undefined {
    if (!answer.verdict.ok || answer.edit === null) {
      return undefined;
    }
    return { parts: documentEdits(answer.edit), answer };
  }

  /** Why a proposal must not be shown or applied now, or undefined where it may. */
  refused(proposal: Proposal): ReturnType<typeof refusedNow> {
    return refusedNow(proposal.parts, new Map([[this.#asked.uri, this.#asked]]));
  }
}
