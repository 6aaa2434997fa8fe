/** The connection to the language server: finding, starting, restarting, asking. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import * as contract from "../logic/contract.ts";
import type {
  DraftParams,
  EditAnswer,
  EditParams,
  Kind,
  ModelState,
  Status,
} from "../logic/contract.ts";
import { search, type Found, type Search } from "../logic/discovery.ts";
import { settings } from "../settings.ts";
import { places } from "./places.ts";
import { askVersion } from "./process.ts";
import { Python } from "./python.ts";
import type { Restarting } from "./restarting.ts";

/** How the server is. */
export type Condition =
  | { readonly is: "stopped" | "searching" }
  | { readonly is: "missing"; readonly search: Search }
  | { readonly is: "starting" | "running"; readonly found: Found }
  | { readonly is: "failed"; readonly found: Found; readonly reason: string };

/** One server at most, and everything that is asked of it. */
export class Connection implements vscode.Disposable {
  readonly #storage: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #drafted = new vscode.EventEmitter<DraftParams>();
  #condition: Condition = { is: "stopped" };
  #client: LanguageClient | undefined;
  #restarting: Restarting | undefined;
  #queue: Promise<void> = Promise.resolve();

  /** The Python environment that is selected. */
  readonly python = new Python();
  /** The model, once the server has spoken of it. */
  model: ModelState | undefined;
  /** The edit kinds that the server offers. */
  kinds: readonly Kind[] = [];
  /** The condition or the model has changed. */
  readonly onDidChange = this.#changed.event;
  /** A denoising step is done. */
  readonly onDraft = this.#drafted.event;

  constructor(storage: vscode.Uri, log: vscode.LogOutputChannel) {
    this.#storage = storage;
    this.#log = log;
  }

  /** How the server is. */
  get condition(): Condition {
    return this.#condition;
  }

  /** Look for a server. */
  async search(): Promise<Search> {
    return search(await places(settings(), this.#storage, this.python), askVersion);
  }

  /** Stop the server if it runs, then find and start one. Never throws: see `condition`. */
  restart(): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      await this.#stop();
      await this.#start();
    });
    return this.#queue;
  }

  /** Stop the server. */
  stop(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#stop());
    return this.#queue;
  }

  /** Ask for an edit, when the server has started; rejects with its error, or where none runs. */
  async edit(params: EditParams, token: vscode.CancellationToken): Promise<EditAnswer> {
    await this.#started();
    if (this.#condition.is !== "running" || this.#client === undefined) {
      throw new Error(vscode.l10n.t("the language server does not run"));
    }
    return this.#client.sendRequest<EditAnswer>(contract.EDIT, params, token);
  }

  /** See `vscode.Disposable`. */
  dispose(): void {
    void this.stop();
    this.python.dispose();
    this.#changed.dispose();
    this.#drafted.dispose();
  }

  /** Wait while the server is looked for, starts, or starts again. */
  #started(): Promise<void> {
    const waits = (): boolean => ["searching", "starting"].includes(this.#condition.is);
    return new Promise((resolve) => {
      const listener = this.#changed.event(() => look());
      const look = (): void => {
        if (!waits()) {
          listener.dispose();
          resolve();
        }
      };
      look();
    });
  }

  async #start(): Promise<void> {
    this.#set({ is: "searching" });
    const found = await this.search();
    for (const { place, fault } of found.tried.filter((tried) => tried.fault !== undefined)) {
      this.#log.info(`no server from ${place.source}: ${place.command}: ${fault}`);
    }
    if (found.found === undefined) {
      this.#set({ is: "missing", search: found });
      return;
    }
    await this.#launch(found.found);
  }

  async #launch(found: Found): Promise<void> {
    const { command, args } = found.place;
    this.#log.info(`starting ${[command, ...args, "lsp"].join(" ")} (version ${found.version})`);
    this.#set({ is: "starting", found });
    const { newClient } = await import("./client.ts");
    const failed = (reason: string): void => this.#set({ is: "failed", found, reason });
    const mine = (run: () => void) => (): void => (client === this.#client ? run() : undefined);
    const starting = mine(() => this.#set({ is: "starting", found }));
    const { client, restarting } = newClient(found.place, this.#log, {
      starting,
      running: mine(() => void this.#greet(client, found)),
      died: starting,
      gaveUp: failed,
    });
    this.#restarting = restarting;
    this.#client = client;
    this.#listen(client);
    try {
      await client.start();
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error));
    }
  }

  #listen(client: LanguageClient): void {
    client.onNotification(contract.DRAFT, (draft: DraftParams) => this.#drafted.fire(draft));
    client.onNotification(contract.STATUS_CHANGED, (status: { model: ModelState }) => {
      this.model = status.model;
      this.#changed.fire();
    });
  }

  /** Learn what the server is; one that speaks another protocol is not used. */
  async #greet(client: LanguageClient, found: Found): Promise<void> {
    try {
      const status = await client.sendRequest<Status>(contract.STATUS);
      if (status.protocol !== contract.PROTOCOL) {
        const need = contract.PROTOCOL;
        throw new Error(
          vscode.l10n.t("it speaks protocol {0}, {1} is needed", status.protocol, need),
        );
      }
      this.model = status.model;
      this.kinds = status.kinds;
      this.#set({ is: "running", found });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#set({ is: "failed", found, reason });
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#restarting?.stop();
    this.model = undefined;
    try {
      await client?.dispose(5_000);
    } catch (error) {
      this.#log.debug(`stopping the server: ${String(error)}`); // it was dead already
    }
    this.#set({ is: "stopped" });
  }

  #set(condition: Condition): void {
    this.#condition = condition;
    if (condition.is === "failed") {
      this.#log.error(`the server cannot be used: ${condition.reason}`);
    }
    this.#changed.fire();
  }
}
