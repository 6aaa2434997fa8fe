/** Draws at most once an interval, and always the newest value. */

/** Calls `run` after `delay` milliseconds; the result takes the call back. */
export type Schedule = (run: () => void, delay: number) => () => void;

/** Values come as fast as they like; those between two drawings are dropped. */
export class Latest<Value> {
  readonly #draw: (value: Value) => void;
  readonly #interval: number;
  readonly #schedule: Schedule;
  #waiting: Value | undefined;
  #cancel: (() => void) | undefined;

  constructor(draw: (value: Value) => void, interval: number, schedule: Schedule) {
    this.#draw = draw;
    this.#interval = interval;
    this.#schedule = schedule;
  }

  /** Draw the value now, or when the interval since the last drawing has passed. */
  offer(value: Value): void {
    if (this.#cancel !== undefined) {
      this.#waiting = value;
      return;
    }
    this.#draw(value);
    this.#cancel = this.#schedule(() => this.#elapsed(), this.#interval);
  }

  /** Forget what waits; the next value is drawn at once. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiting = undefined;
  }

  #elapsed(): void {
    this.#cancel = undefined;
    const value = this.#waiting;
    this.#waiting = undefined;
    if (value !== undefined) {
      this.offer(value);
    }
  }
}
