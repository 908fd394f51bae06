import { hash } from '../../src/main/simulator/hash.ts';

/** Figures of chance that follow from a seed: the same seed gives the same ones, one after the other. */
export class Chance {
  readonly #seed: number;
  #drawn = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Within [0, 1). */
  share(): number {
    this.#drawn += 1;
    return hash(this.#seed, this.#drawn) / 2 ** 32;
  }

  /** A whole number within [min, max], both included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.share() * (max - min + 1));
  }

  /** One of them. Throws for an empty list. */
  one<T>(list: readonly T[]): T {
    const chosen = list[this.whole(0, list.length - 1)];
    if (chosen === undefined) throw new RangeError('Nothing to choose from');
    return chosen;
  }
}
