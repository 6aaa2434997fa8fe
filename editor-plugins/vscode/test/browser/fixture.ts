/** A folder with a file, a code-server with the scripted model, and a window on it. */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { PYTHON, ROOT } from "../client/session.ts";
import { CodeServer } from "./code-server.ts";
import { Workbench } from "./workbench.ts";

const SHOTS = fileURLToPath(new URL("../../.browser/shots/", import.meta.url));

/** How the model is to be had. */
export type Model = "scripted" | "embedded";

/** What a test may ask for. */
export interface Options {
  readonly model?: Model;
  readonly settings?: object;
  readonly trust?: "given" | "asked";
  readonly env?: Readonly<Record<string, string>>;
  /** Paths of packages to install beside ours. */
  readonly extensions?: readonly string[];
}

/** The server with the scripted model. */
export const PACED = `${ROOT}tests/vscode/paced_server.py`;

const COMMANDS: Record<Model, string> = {
  scripted: `"${PYTHON}" "${PACED}" "$@"`,
  embedded: `"${PYTHON}" -P -m instant_edit "$@"`,
};

const QUIET = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "editor.minimap.enabled": false,
  "editor.quickSuggestions": { other: "off" },
  "editor.suggestOnTriggerCharacters": false,
  "editor.autoClosingBrackets": "never",
  "editor.lightbulb.enabled": "on",
  "editor.unicodeHighlight.ambiguousCharacters": false,
  "files.autoSave": "off",
  "git.enabled": false,
  "extensions.ignoreRecommendations": true,
};

/** Everything that a test in the browser needs. */
export class Fixture {
  readonly folder: string;
  readonly workbench: Workbench;
  readonly #home: string;
  readonly #server: CodeServer;

  private constructor(home: string, folder: string, server: CodeServer, workbench: Workbench) {
    this.#home = home;
    this.folder = folder;
    this.#server = server;
    this.workbench = workbench;
  }

  /** Start with these files. */
  static async start(files: Readonly<Record<string, string>>, options: Options = {}): Promise<Fixture> {
    const { model = "scripted", settings = {}, trust = "given", env = {}, extensions = [] } = options;
    const home = mkdtempSync(join(tmpdir(), "instant-edit-work-"));
    const folder = join(home, "work");
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
    }
    const command = join(home, "instant-edit");
    writeFileSync(command, `#!/bin/sh\nexec ${COMMANDS[model]}\n`, { mode: 0o755 });
    const all = { ...QUIET, "instantEdit.server.path": command, ...settings };
    const server = await CodeServer.start(
      all,
      trust,
      { ...env, INSTANT_EDIT_FOLDER: home },
      extensions,
    );
    return new Fixture(home, folder, server, await Workbench.open(server.url, folder));
  }

  /** A file as it is on the disk. */
  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** Write a file on the disk. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Tell the server with the scripted model to `go` on where it holds, or to be `dying`; or no more. */
  tell(what: "go" | "dying", yes = true): void {
    const file = join(this.#home, what);
    if (yes) {
      writeFileSync(file, "");
    } else {
      rmSync(file, { force: true });
    }
  }

  /** The process id of the language server, once it differs from `old`. */
  async pid(old = 0): Promise<number> {
    for (let tries = 0; tries < 600; tries++) {
      const file = join(this.#home, "pid");
      const found = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
      if (found > 0 && found !== old) {
        return found;
      }
      await new Promise((wake) => setTimeout(wake, 50)); // no event tells of another's process
    }
    throw new Error("the language server did not start");
  }

  /** Keep a picture of the window for people to look at. */
  async shot(name: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    const path = join(SHOTS, `${name.replaceAll(/\W+/g, "-")}.png`);
    await this.workbench.page.screenshot({ path });
  }

  /** End everything. */
  async stop(): Promise<void> {
    await this.workbench.close();
    await this.#server.stop();
    rmSync(this.#home, { recursive: true, force: true });
  }
}
