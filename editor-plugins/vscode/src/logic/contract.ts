/** The messages of the server, as `docs/lsp-extensions.md` and `instant_edit/lsp/protocol.py` state them. */

import type { Position, Range, WorkspaceEdit } from "vscode-languageserver-protocol";

export type { Position, Range, WorkspaceEdit };

/** The edit request. */
export const EDIT = "instantEdit/edit";
/** Asks which model the server has, and what it can do. */
export const STATUS = "instantEdit/status";
/** Told by the server when the state of its model changes. */
export const STATUS_CHANGED = "instantEdit/statusChanged";
/** A denoising step's text, told by the server while it works. */
export const DRAFT = "instantEdit/draft";
/** The kind of every code action of the server, or its beginning. */
export const ACTION_KIND = "refactor.rewrite.instantEdit";
/** Our command that asks for an instruction; the server's code action “Rewrite…” runs it. */
export const REWRITE = "instantEdit.rewrite";
/** The protocol that this client speaks. */
export const PROTOCOL = 1;
/** Shown for a token that is not written yet. */
export const OPEN_SLOT = "▒";

export const CANCELLED = -32800;
export const CONTENT_MODIFIED = -32801;
/** Of the connection, not of the server: the server died before it answered. */
export const DIED = -32097;

export type Mode = "fill" | "rewrite";

/** One version of one document. */
export interface Versioned {
  readonly uri: string;
  readonly version: number;
}

/** Params of `instantEdit/edit`; positions count UTF-16 units. */
export interface EditParams {
  readonly textDocument: Versioned;
  readonly ranges: readonly Range[];
  readonly instruction?: string;
  readonly mode?: Mode;
  readonly seed?: number;
  readonly candidates?: number;
  readonly deadlineMs?: number;
  readonly draftToken?: string;
}

/** One reason why nothing was offered. */
export interface Finding {
  readonly kind: string;
  readonly message: string;
  readonly position: Position;
  readonly uri?: string;
}

/** Result of `instantEdit/edit`; `edit` is null where nothing passed or nothing would change. */
export interface EditAnswer {
  readonly edit: WorkspaceEdit | null;
  readonly verdict: { readonly ok: boolean; readonly findings: readonly Finding[] };
  readonly stats: { readonly steps: number; readonly tokens: number; readonly milliseconds: number };
  readonly model?: { readonly id: string; readonly digest: string };
}

/** A piece of a draft and how sure the model is of it, from 0 to 1. */
export interface Piece {
  readonly text: string;
  readonly confidence: number;
}

/** The text of one span after a denoising step. */
export interface Draft {
  readonly textDocument: Versioned;
  readonly range: Range;
  readonly text: string;
  readonly pieces: readonly Piece[];
}

/** Params of `instantEdit/draft`. */
export interface DraftParams {
  readonly draftToken: string | number;
  readonly step: number;
  readonly masked: number;
  readonly drafts: readonly Draft[];
}

/** The model, and whether it can be used. */
export interface ModelState {
  readonly id: string;
  readonly state: "unloaded" | "loading" | "ready" | "failed";
  readonly message?: string;
}

/** An edit kind that the model has learnt. */
export interface Kind {
  readonly id: string;
  readonly title: string;
}

/** Result of `instantEdit/status`. */
export interface Status {
  readonly version: string;
  readonly protocol: number;
  readonly model: ModelState;
  readonly kinds: readonly Kind[];
}
