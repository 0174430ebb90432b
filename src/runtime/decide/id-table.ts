import { Hash, hashInto, type Seed } from '../../domain/eligibility/bucket.ts';

/**
 * A set of ids that is asked with the hash which a decision has computed anyway: open addressing, the high half of
 * the hash picks the slot, the low half is compared, and then the id itself, so that no two ids are ever confused.
 *
 * Costs 16 to 32 bytes an entry beside the ids themselves.
 */
export class IdTable {
  readonly #ids: readonly string[];
  /** Pairs: low half of the hash, and the id's place + 1; 0 is an empty slot. At most half of them are taken. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  /** Every id hashed with `seed`, as those that are asked for. */
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

  /** Null where there is nothing in it: a decision asks for that first. */
  static of(ids: readonly string[], seed: Seed): IdTable | null {
    return ids.length === 0 ? null : new IdTable(ids, seed);
  }

  /** Is `id` in the set? `hash` is that of `id`, with the seed of the set. */
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
