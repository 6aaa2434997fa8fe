/** The answers to one edit, each by its seed, and the one that is shown. */

/** An answer and the seed that gives it. */
export interface Candidate<Answer> {
  readonly seed: number;
  readonly answer: Answer;
}

/** Answers in the order in which they came. */
export class Candidates<Answer> {
  #kept: Candidate<Answer>[] = [];
  #shown = -1;
  #tried: number;

  /** `first` is the seed to begin with. */
  constructor(first: number) {
    this.#tried = first - 1;
  }

  /** A seed that has not been tried; each call gives another. */
  nextSeed(): number {
    this.#tried += 1;
    return this.#tried;
  }

  /** Keep an answer and show it. */
  add(seed: number, answer: Answer): void {
    this.#kept.push({ seed, answer });
    this.#shown = this.#kept.length - 1;
  }

  /** The answer that is shown. */
  get shown(): Candidate<Answer> | undefined {
    return this.#kept[this.#shown];
  }

  /** Which answer is shown, counting from 1; 0 where there is none. */
  get number(): number {
    return this.#shown + 1;
  }

  /** How many there are. */
  get count(): number {
    return this.#kept.length;
  }

  /** Show the following answer; false where it has to be asked for first. */
  forward(): boolean {
    return this.#move(1);
  }

  /** Show the answer before; false at the first one. */
  back(): boolean {
    return this.#move(-1);
  }

  #move(by: number): boolean {
    if (this.#kept[this.#shown + by] === undefined) {
      return false;
    }
    this.#shown += by;
    return true;
  }
}
