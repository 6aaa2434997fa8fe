/** Where a server may be, tried one after the other. */

import { OLDEST, supported, versionIn } from "./versions.ts";

/** A way to start the command `instant-edit`. */
export interface Place {
  readonly source: "setting" | "python" | "path" | "private";
  readonly command: string;
  readonly args: readonly string[];
}

/** What came of asking a place for its version. */
export type Answer = { readonly output: string } | { readonly error: string };

/** A place and why it was not taken, or its version where it was. */
export interface Tried {
  readonly place: Place;
  readonly version?: string;
  readonly fault?: string;
}

/** A place that has a server of a version that we can talk to. */
export interface Found {
  readonly place: Place;
  readonly version: string;
}

/** What was looked at, and the first place that will do. */
export interface Search {
  readonly found?: Found;
  readonly tried: readonly Tried[];
}

/**
 * Ask the places in order and take the first that answers with a good version. A place that the
 * user named is taken or nothing is: silently using another server would hide the mistake.
 */
export async function search(
  places: readonly Place[],
  ask: (place: Place) => Promise<Answer>,
): Promise<Search> {
  const tried: Tried[] = [];
  for (const place of places) {
    const seen = judge(place, await ask(place));
    tried.push(seen);
    if (seen.version !== undefined && seen.fault === undefined) {
      return { found: { place, version: seen.version }, tried };
    }
    if (place.source === "setting") {
      break;
    }
  }
  return { tried };
}

function judge(place: Place, answer: Answer): Tried {
  if ("error" in answer) {
    return { place, fault: answer.error };
  }
  const version = versionIn(answer.output);
  if (version === undefined) {
    return { place, fault: `answers ${JSON.stringify(answer.output.slice(0, 80))} to --version` };
  }
  if (!supported(version)) {
    return { place, version, fault: `is version ${version}; ${OLDEST} or newer is needed` };
  }
  return { place, version };
}
