/** Bundles the extension into one file, with the licences of what it holds; `--production` minifies. */

import { globSync, readFileSync, writeFileSync } from "node:fs";

import { build } from "esbuild";

const production = process.argv.includes("--production");

const { metafile } = await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.cjs",
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  external: ["vscode"],
  minify: production,
  sourcemap: !production,
  metafile: true,
  logLevel: "warning",
});

const packages = new Set(
  Object.keys(metafile.inputs).flatMap((path) => {
    return /^node_modules\/(@[^/]+\/[^/]+|[^/]+)\//.exec(path)?.[1] ?? [];
  }),
);
const notices = [...packages].sort().map((name) => {
  const [file] = globSync(`node_modules/${name}/{LICENSE,License,license}*`);
  if (file === undefined) {
    throw new Error(`${name} is bundled and has no licence file`);
  }
  return `${name}\n\n${readFileSync(file, "utf8").trim()}\n`;
});
writeFileSync("dist/notices.txt", notices.join(`\n${"-".repeat(80)}\n\n`));
