/** A package of our name that is installed in a moment: the real one takes minutes. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { PYTHON } from "./session.ts";

const NAME = "instant_edit-0.1.0";

/** Make the package in a folder; `main` is what its command does. The path of the wheel. */
export function wheel(folder: string, main: string): string {
  const path = join(folder, `${NAME}-py3-none-any.whl`);
  const files = {
    "instant_edit/__init__.py": "",
    "instant_edit/__main__.py": main,
    [`${NAME}.dist-info/METADATA`]: "Metadata-Version: 2.1\nName: instant-edit\nVersion: 0.1.0\n",
    [`${NAME}.dist-info/WHEEL`]: "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${NAME}.dist-info/RECORD`]: "",
  };
  const pack = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as file:
    for name, text in json.loads(sys.argv[2]).items():
        file.writestr(name, text)
`;
  execFileSync(PYTHON, ["-c", pack, path, JSON.stringify(files)]);
  return path;
}
