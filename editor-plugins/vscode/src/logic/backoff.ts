/** How long to wait before a crashed server is started again, and when to give up. */

/** Crashes that are forgiven within the window. */
export const FORGIVEN = 5;
/** Crashes longer ago than this are forgotten, in milliseconds. */
export const WINDOW_MS = 180_000;
const FIRST_MS = 500;

/** Counts crashes. */
export class Backoff {
  #crashes: number[] = [];

  /** Record a crash at `now`; the milliseconds to wait, or undefined to give up. */
  crashed(now: number): number | undefined {
    this.#crashes = [...this.#crashes.filter((then) => now - then < WINDOW_MS), now];
    const count = this.#crashes.length;
    return count > FORGIVEN ? undefined : FIRST_MS * 2 ** (count - 1);
  }

  /** Forget every crash: the user has asked for a new start. */
  reset(): void {
    this.#crashes = [];
  }
}
