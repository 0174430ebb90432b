import { seededRandom } from '../../src/lib/random.ts';

/** Chance that a seed repeats. */
export class Dice {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** A whole number from 0 up to, not including, `n`. */
  below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  chance(p: number): boolean {
    return this.#random() < p;
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[this.below(from.length)] ?? from[0];
  }

  /** A key of the map, by the weights that are its values. */
  weighted<K>(weights: ReadonlyMap<K, number>): K {
    const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    let left = this.#random() * total;
    let last: K | undefined;
    for (const [key, weight] of weights) {
      last = key;
      left -= weight;
      if (left < 0) return key;
    }
    if (last === undefined) throw new Error('nothing to choose from');
    return last;
  }
}

/** The `n`th of a list, counted round and round; undefined: the list is empty. */
export function nth<T>(list: readonly T[], n: number): T | undefined {
  return list[n % list.length];
}
