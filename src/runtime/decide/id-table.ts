import { Hash, hashInto, type Seed } from '../../domain/eligibility/bucket.ts';

/**
 * A set of ids, searched by the hash that a decision has already computed: open addressing, where the high half of the
 * hash picks the slot, and the low half and then the id itself are compared, so that no two ids are ever confused.
 *
 * Costs 16 to 32 bytes per entry besides the ids themselves.
 */
export class IdTable {
  readonly #ids: readonly string[];
  /** Pairs of the hash's low half and the id's index + 1; 0 is an empty slot. At most half of the slots are used. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  /** Hashes every id with `seed`, which lookups must use too. */
  constructor(ids: readonly string[], seed: Seed) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(ids.length, 2) * 2));
    this.#ids = ids;
    this.#slots = new Int32Array(slots * 2);
    this.#mask = slots - 1;
    const hash = new Hash();
    for (let place = 0; place < ids.length; place++) {
      hashInto(seed, ids[place] ?? '', hash);
      this.#put(place, hash);
    }
  }

  /** Returns null for an empty list: a decision checks that first. */
  static of(ids: readonly string[], seed: Seed): IdTable | null {
    return ids.length === 0 ? null : new IdTable(ids, seed);
  }

  /** Is `id` in the set? `hash` is the hash of `id` with the seed of the set. */
  has(id: string, { low, high }: Hash): boolean {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let slot = high & mask; ; slot = (slot + 1) & mask) {
      const place = slots[2 * slot + 1] ?? 0;
      if (place === 0) return false;
      if (slots[2 * slot] === low && this.#ids[place - 1] === id) return true;
    }
  }

  #put(place: number, { low, high }: Hash): void {
    let slot = high & this.#mask;
    while (this.#slots[2 * slot + 1] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[2 * slot] = low;
    this.#slots[2 * slot + 1] = place + 1;
  }
}
