/** Which servers this client can talk to. */

/** The oldest server that speaks our protocol. */
export const OLDEST = "0.1.0";

/** The version in the output of `instant-edit --version`, or undefined where there is none. */
export function versionIn(output: string): string | undefined {
  return /\binstant-edit\s+v?(\d+\.\d+\.\d+\S*)/.exec(output)?.[1];
}

/** Whether a server of this version is new enough. */
export function supported(version: string): boolean {
  const [have, need] = [numbers(version), numbers(OLDEST)];
  for (const [index, least] of need.entries()) {
    const number = have[index] ?? 0;
    if (number !== least) {
      return number > least;
    }
  }
  return true;
}

function numbers(version: string): number[] {
  return version.split(".", 3).map((part) => Number.parseInt(part, 10) || 0);
}
