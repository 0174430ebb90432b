import { Hash, hashInto, type Seed } from '../../domain/eligibility/bucket.ts';
import type { Category } from '../../domain/spec/vocabulary.ts';
import { type Categories, categoryCode } from './category-codes.ts';

const SMALLEST = 1_024;
/** The largest code of one byte. */
const LARGEST_BYTE = 255;
/** The largest code of a wide table; it marks a subject without a code, because no profile has this number. */
const LARGEST = 0x7fffffff;

/**
 * A number for each of up to millions of subjects, by the 64-bit hash of their id: 9 bytes per slot with at least half
 * of the slots used once it is filled, so 9 to 18 bytes per subject; a million take 18 MB. A wide table holds numbers
 * above one byte, such as profiles of facts, and takes 12 to 24 bytes per subject; the others hold codes of categories.
 *
 * The ids themselves are not stored. The probability that two of a million have the same hash is 1 in 37 million; each
 * process has its own seed, so that nobody can choose an id that collides with another.
 */
export class SubjectTable implements Categories {
  readonly #seed: Seed;
  /** Hash of the last requested id. */
  readonly #hash = new Hash();
  /** Pairs of the hash's low and high half. */
  #keys: Int32Array;
  #codes: Uint8Array | Int32Array;
  /** Code of a subject that no longer has one: its slot stays, because later slots could not be found without it. */
  readonly #none: number;
  #taken = 0;
  #subjects = 0;
  /** Increases with each subject whose category changes. */
  changes = 0;

  constructor(seed: Seed, expected = 0, wide = false) {
    this.#seed = seed;
    const slots = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(Math.max(1, expected) * 1.25)));
    this.#keys = new Int32Array(2 * slots);
    this.#codes = wide ? new Int32Array(slots) : new Uint8Array(slots);
    this.#none = wide ? LARGEST : LARGEST_BYTE;
  }

  /** Returns the number of subjects with a code. */
  get subjects(): number {
    return this.#subjects;
  }

  codeOf(id: string): number {
    hashInto(this.#seed, id, this.#hash);
    const code = this.#codes[this.#slotOf(this.#hash.low, this.#hash.high)] ?? 0;
    return code === this.#none ? 0 : code;
  }

  /** Stores hashes of 8 bytes, high half first, all of one category; reports the previous category of each. */
  putAll(hashes: Uint8Array, from: number, to: number, category: Category | null): void {
    this.putCodes(hashes, from, to, categoryCode(category));
  }

  /** Stores subjects with the code of their category; 0 for none. */
  putCodes(hashes: Uint8Array, from: number, to: number, code: number): void {
    const view = new DataView(hashes.buffer, hashes.byteOffset, hashes.byteLength);
    for (let at = from; at < to; at += 8)
      this.#put(view.getInt32(at + 4), view.getInt32(at), code || this.#none);
  }

  #put(low: number, high: number, code: number): void {
    const slot = this.#slotOf(low, high);
    if (this.#codes[slot] === 0) {
      if (code === this.#none) return;
      // Filled to at most four fifths: longer searches for absent subjects would cost more than the memory.
      if (this.#taken * 5 >= this.#codes.length * 4) {
        this.#grow();
        this.#put(low, high, code);
        return;
      }
      this.#taken += 1;
      this.#keys[2 * slot] = low;
      this.#keys[2 * slot + 1] = high;
    }
    const before = this.#codes[slot] ?? 0;
    if (before === code) return;
    this.changes += 1;
    if (before === 0 || before === this.#none) this.#subjects += 1;
    else if (code === this.#none) this.#subjects -= 1;
    this.#codes[slot] = code;
  }

  /** Returns the slot of this hash, or the free slot for it. */
  #slotOf(low: number, high: number): number {
    const keys = this.#keys;
    const codes = this.#codes;
    const mask = codes.length - 1;
    // The high half picks the slot, because the low half decides the bucket: subjects of one bucket must not cluster.
    let slot = high & mask;
    while (codes[slot] !== 0 && (keys[2 * slot] !== low || keys[2 * slot + 1] !== high)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const [keys, codes] = [this.#keys, this.#codes];
    this.#keys = new Int32Array(2 * keys.length);
    this.#codes =
      codes instanceof Int32Array ? new Int32Array(2 * codes.length) : new Uint8Array(2 * codes.length);
    this.#taken = 0;
    this.#subjects = 0;
    for (let slot = 0; slot < codes.length; slot++) {
      const code = codes[slot] ?? 0;
      if (code !== 0 && code !== this.#none) this.#put(keys[2 * slot] ?? 0, keys[2 * slot + 1] ?? 0, code);
    }
  }

  /** Returns the number of subjects per category, by code. */
  counts(): number[] {
    const counts = [0, 0, 0, 0, 0, 0, 0, 0];
    for (const code of this.#codes) if (code < counts.length) counts[code] = (counts[code] ?? 0) + 1;
    return counts;
  }

  /** Returns the hashes of subjects with this category, 8 bytes each, high half first. */
  hashesOf(category: Category): Uint8Array {
    const code = categoryCode(category);
    const hashes = new Uint8Array(8 * (this.counts()[code] ?? 0));
    const view = new DataView(hashes.buffer);
    let at = 0;
    for (let slot = 0; slot < this.#codes.length; slot++) {
      if (this.#codes[slot] !== code) continue;
      view.setInt32(at, this.#keys[2 * slot + 1] ?? 0);
      view.setInt32(at + 4, this.#keys[2 * slot] ?? 0);
      at += 8;
    }
    return hashes;
  }

  /** Returns the hash of each subject, 8 bytes, high half first, and its code in 4 bytes. */
  entries(): Uint8Array {
    const entries = new Uint8Array(12 * this.#subjects);
    const view = new DataView(entries.buffer);
    let at = 0;
    for (let slot = 0; slot < this.#codes.length; slot++) {
      const code = this.#codes[slot] ?? 0;
      if (code === 0 || code === this.#none) continue;
      view.setInt32(at, this.#keys[2 * slot + 1] ?? 0);
      view.setInt32(at + 4, this.#keys[2 * slot] ?? 0);
      view.setInt32(at + 8, code);
      at += 12;
    }
    return entries;
  }

  get bytes(): number {
    return this.#keys.byteLength + this.#codes.byteLength;
  }
}
