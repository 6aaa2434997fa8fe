/** A real VS Code for tests: `code-server` from npm, with our .vsix installed in it. */

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSION = "4.139.1";
const FOLDER = fileURLToPath(new URL("../../", import.meta.url));
const CACHE = join(FOLDER, ".browser");
const APP = join(CACHE, "node_modules", "code-server");
const ENTRY = join(APP, "out", "node", "entry.js");
const STAMP = join(CACHE, `installed-${VERSION}`);
const NATIVE = ["@vscode/native-watchdog", "node-pty", "@vscode/spdlog"];

/** No gallery of extensions is asked for anything. */
const OFFLINE = { EXTENSIONS_GALLERY: "{}" };

/** The package that is tested. */
const VSIX = join(FOLDER, "instant-edit.vsix");

/** A running code-server; its folders vanish with it. */
export class CodeServer {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #home: string;

  private constructor(url: string, process: ChildProcess, home: string) {
    this.url = url;
    this.#process = process;
    this.#home = home;
  }

  /** Start with our extension and others; trust is given or asked for. */
  static async start(
    settings: object,
    trust: "given" | "asked",
    env: Readonly<Record<string, string>>,
    others: readonly string[],
  ): Promise<CodeServer> {
    install();
    const home = mkdtempSync(join(tmpdir(), "instant-edit-code-"));
    const data = join(home, "data");
    for (const scope of ["User", "Machine"]) {
      mkdirSync(join(data, scope), { recursive: true });
      writeFileSync(join(data, scope, "settings.json"), JSON.stringify(settings));
    }
    const folders = ["--user-data-dir", data, "--extensions-dir", join(home, "extensions")];
    const packages = [VSIX, ...others].flatMap((path) => ["--install-extension", path]);
    succeed(process.execPath, [ENTRY, ...folders, ...packages], home, OFFLINE);
    const quiet = ["--disable-telemetry", "--disable-update-check"];
    const trusting = trust === "given" ? ["--disable-workspace-trust"] : [];
    const args = [ENTRY, ...folders, ...quiet, ...trusting, "--auth", "none", "--bind-addr", "127.0.0.1:0"];
    const running = spawn(process.execPath, args, {
      cwd: home,
      env: { ...process.env, ...OFFLINE, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new CodeServer(await listening(running), running, home);
  }

  /** End it. */
  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill();
    await ended;
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Install code-server below this folder, once. Nothing is downloaded but packages of npm. */
function install(): void {
  if (existsSync(STAMP)) {
    return;
  }
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const dependencies = { "code-server": VERSION };
  writeFileSync(join(CACHE, "package.json"), JSON.stringify({ private: true, dependencies }));
  const inside = join(APP, "lib", "vscode");
  npm(["install", "--ignore-scripts", "--no-audit", "--no-fund"], CACHE);
  npm(["install", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"], inside);
  npm(["install", "--ignore-scripts", "--omit=dev"], join(inside, "extensions"));
  npm(["rebuild", ...NATIVE], inside);
  writeFileSync(STAMP, "");
}

function npm(args: readonly string[], cwd: string): void {
  // The headers of the Node that runs us, so that node-gyp looks for no others.
  const nodedir = dirname(dirname(process.execPath));
  succeed("npm", args, cwd, { npm_config_nodedir: nodedir, npm_config_ignore_scripts: "false" });
}

function succeed(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): void {
  const stdio = ["ignore", "pipe", "pipe"] as const;
  const settings = { cwd, env: { ...process.env, ...env }, stdio: [...stdio] };
  const outcome = spawnSync(command, args, { ...settings, encoding: "utf8" });
  if (outcome.status !== 0) {
    const said = `${outcome.stdout}\n${outcome.stderr}`.split("\n").slice(-30).join("\n");
    throw new Error(`${command} ${args.join(" ")} (${outcome.status}): ${said}`);
  }
}

/** The address that code-server prints when it is ready. */
function listening(running: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    running.on("exit", () => reject(new Error(`code-server ended:\n${said}`)));
    running.stderr?.on("data", (data: Buffer) => (said += data.toString()));
    running.stdout?.on("data", (data: Buffer) => {
      said += data.toString();
      const address = /listening on (http:\/\/[\d.:]+)/.exec(said)?.[1];
      if (address !== undefined) {
        resolve(address);
      }
    });
  });
}
