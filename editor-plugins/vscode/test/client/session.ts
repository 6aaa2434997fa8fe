/** A real server process and a client of it, for tests; nothing here knows VS Code. */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import {
  CancellationTokenSource,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type InitializeResult,
  type ProtocolConnection,
} from "vscode-languageserver-protocol/node";

import * as contract from "../../src/logic/contract.ts";
import type { DraftParams, EditAnswer, EditParams, ModelState } from "../../src/logic/contract.ts";
import type { Snapshot } from "../../src/logic/guard.ts";

/** The repository. */
export const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const OWN_PYTHON = `${ROOT}.venv/bin/python`;

/** `$PYTHON`, else the Python of the repository's environment. */
export const PYTHON =
  process.env["PYTHON"] ?? (existsSync(OWN_PYTHON) ? OWN_PYTHON : "python3");
const SCRIPTED = `${ROOT}tests/lsp/scripted_server.py`;

/** Arguments of Python that start the real server over a scripted denoiser. */
export const SCRIPTED_SERVER = [SCRIPTED];
/** Arguments of Python that start the server as users have it. */
export const REAL_SERVER = ["-m", "instant_edit", "lsp"];

/** What VS Code's client says of itself, as far as our server asks. */
const CAPABILITIES: ClientCapabilities = {
  general: { positionEncodings: ["utf-16"] },
  workspace: { workspaceEdit: { documentChanges: true }, applyEdit: true },
  window: { workDoneProgress: false },
  textDocument: {
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "refactor.rewrite"] } },
      dataSupport: true,
      resolveSupport: { properties: ["edit"] },
    },
  },
};

/** A server process with a session. */
export class Session {
  readonly #process: ChildProcess;
  readonly connection: ProtocolConnection;
  /** Every draft so far. */
  readonly drafts: DraftParams[] = [];
  /** Every state of the model that was told. */
  readonly models: ModelState[] = [];
  #initialized: InitializeResult | undefined;
  #documents = new Map<string, Snapshot>();
  #wakers: (() => void)[] = [];

  private constructor(process: ChildProcess) {
    if (process.stdout === null || process.stdin === null) {
      throw new Error("the server has no pipes");
    }
    this.#process = process;
    this.connection = createProtocolConnection(
      new StreamMessageReader(process.stdout),
      new StreamMessageWriter(process.stdin),
    );
    this.connection.onNotification(contract.DRAFT, (draft: DraftParams) => {
      this.drafts.push(draft);
      this.#wake();
    });
    this.connection.onNotification(contract.STATUS_CHANGED, ({ model }: { model: ModelState }) => {
      this.models.push(model);
      this.#wake();
    });
    this.connection.listen();
  }

  /** Start a server and open a session with the options that our extension gives. */
  static async start(args: readonly string[]): Promise<Session> {
    const session = new Session(
      spawn(PYTHON, args, { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] }),
    );
    session.#initialized = await session.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      capabilities: CAPABILITIES,
      initializationOptions: {
        status: true,
        preload: false,
        rewriteCommand: "instantEdit.rewrite",
      },
    });
    await session.connection.sendNotification(InitializedNotification.type, {});
    return session;
  }

  /** What the server said of itself. */
  get initialized(): InitializeResult {
    if (this.#initialized === undefined) {
      throw new Error("the session is not open");
    }
    return this.#initialized;
  }

  /** Open a document, or change it to this text; how it is then. */
  async show(uri: string, text: string, languageId = "python"): Promise<Snapshot> {
    const version = (this.#documents.get(uri)?.version ?? 0) + 1;
    this.#documents.set(uri, { uri, version, text });
    if (version === 1) {
      const textDocument = { uri, languageId, version, text };
      await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument,
      });
    } else {
      const change = { textDocument: { uri, version }, contentChanges: [{ text }] };
      await this.connection.sendNotification(DidChangeTextDocumentNotification.type, change);
    }
    return { uri, version, text };
  }

  /** The document as it was shown last. */
  document(uri: string): Snapshot | undefined {
    return this.#documents.get(uri);
  }

  /** Ask for an edit. */
  edit(params: EditParams, source = new CancellationTokenSource()): Promise<EditAnswer> {
    return this.connection.sendRequest(contract.EDIT, params, source.token);
  }

  /** Wait until something holds that notifications can bring about. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => this.#wakers.push(resolve));
    }
  }

  /** Close the session in order; the server's exit status. */
  async close(): Promise<number | null> {
    const ended = once(this.#process, "exit");
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    await ended;
    this.connection.dispose();
    return this.#process.exitCode;
  }

  #wake(): void {
    for (const wake of this.#wakers.splice(0)) {
      wake();
    }
  }
}
