import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path: string): string => {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
};
const MANIFEST = JSON.parse(read("package.json"));
const FOLDER = new URL("../../", import.meta.url).pathname;
const SOURCES = globSync("src/**/*.ts", { cwd: FOLDER }).map((path) => [path, read(path)] as const);
const ALL = SOURCES.map(([, text]) => text).join("\n");

/** Every text that the code gives to `l10n.t`, as it stands in the code. */
const SAID = [...ALL.matchAll(/l10n\.t\(\s*"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]);

test("every text of the manifest is in every language, and none is left over", () => {
  const wanted = [...JSON.stringify(MANIFEST).matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]);
  for (const file of globSync("package.nls*.json", { cwd: FOLDER })) {
    assert.deepEqual(Object.keys(JSON.parse(read(file))).sort(), [...new Set(wanted)].sort(), file);
  }
});

test("every text of the code is in every bundle, with the same places for values", () => {
  const holes = (text: string): string[] => (text.match(/\{\d+\}/g) ?? []).sort();
  const bundles = globSync("l10n/bundle.l10n*.json", { cwd: FOLDER });
  assert.ok(bundles.length > 1);
  for (const file of bundles) {
    const bundle: Record<string, string> = JSON.parse(read(file));
    assert.deepEqual(Object.keys(bundle).sort(), [...new Set(SAID)].sort(), file);
    for (const [text, translated] of Object.entries(bundle)) {
      assert.deepEqual(holes(translated), holes(text), `${file}: ${text}`);
    }
  }
});

test("no text is given to l10n in a form that the bundles cannot hold", () => {
  assert.equal(ALL.match(/l10n\.t\(/g)?.length, SAID.length);
});

test("every command that is declared is registered, and the other way round", () => {
  const declared = MANIFEST.contributes.commands.map((one: { command: string }) => one.command);
  const table = /const table[^{]*= \{([\s\S]*?)\n  \};/.exec(read("src/commands.ts"))?.[1] ?? "";
  const named = [...table.matchAll(/^ +"(instantEdit\.\w+)"/gm)].map((match) => match[1]);
  const internal = "instantEdit.propose"; // for code actions alone
  const registered = [...named, "instantEdit.rewrite", internal];
  assert.deepEqual([...declared, internal].sort(), registered.sort());
});

test("every key and menu runs a command that is declared", () => {
  const { commands, keybindings, menus } = MANIFEST.contributes;
  const declared = new Set(commands.map((one: { command: string }) => one.command));
  const used = [...keybindings, ...Object.values(menus).flat()].flatMap((one) => one.command ?? []);
  assert.deepEqual(used.filter((command) => !declared.has(command)), []);
});

test("every setting that is declared is read, and the other way round", () => {
  const declared = Object.keys(MANIFEST.contributes.configuration.properties);
  const read_ = [...read("src/settings.ts").matchAll(/read\.get(?:<[^>]+>)?\("([\w.]+)"/g)];
  const known = [...read_.map((match) => `instantEdit.${match[1]}`), "instantEdit.trace.server"];
  assert.deepEqual(declared.sort(), known.sort());
});

test("what starts a process or picks a model is the machine's, and restricted", () => {
  const { properties } = MANIFEST.contributes.configuration;
  const { restrictedConfigurations, supported } = MANIFEST.capabilities.untrustedWorkspaces;
  assert.equal(supported, "limited");
  for (const key of ["server.path", "model", "install.source"]) {
    assert.equal(properties[`instantEdit.${key}`].scope, "machine");
    assert.ok(restrictedConfigurations.includes(`instantEdit.${key}`));
  }
});

test("the extension starts for the languages that it asks the server about", () => {
  const list = /LANGUAGES = \[([^\]]*)\]/.exec(read("src/server/documents.ts"))?.[1] ?? "";
  const languages = [...list.matchAll(/"(\w+)"/g)].map((match) => `onLanguage:${match[1]}`);
  assert.deepEqual(MANIFEST.activationEvents, languages);
});

test("files are small, and logic knows nothing of VS Code", () => {
  for (const [path, text] of SOURCES) {
    assert.ok(text.split("\n").length <= 250, `${path} is too long`);
    if (path.startsWith("src/logic/")) {
      assert.doesNotMatch(text, /from "(vscode"|vscode-languageclient|\.\.\/)/, path);
    }
  }
});

test("nothing is sent anywhere: no code for it, and no telemetry", () => {
  const network = /\bfetch\(|node:(https?|net|tls|dgram|dns)|telemetry|openExternal/i;
  for (const [path, text] of SOURCES) {
    assert.doesNotMatch(text, network, path);
  }
});
