import type { Seed } from '../../domain/eligibility/bucket.ts';
import type { Facts } from '../../domain/spec/audience/audience.ts';
import { SubjectTable } from './subject-table.ts';

/** Groups of subjects with equal facts, numbered from 1. */
export interface Profiles {
  /** Returns the subject's profile; 0: not in the registry. */
  profileOf(id: string): number;
  /** Returns the facts of a profile; null for 0. */
  factsOf(profile: number): Facts | null;
}

/** The value of each asked attribute, in the order of the attributes; null: absent. */
export type Values = readonly (string | null)[];

/**
 * Facts of up to millions of subjects of one type, limited to attributes that features use. Subjects with equal facts
 * share one entry, so a subject costs 12 to 24 bytes.
 */
export class FactsTable implements Profiles {
  /** The attributes that features use. */
  readonly names: readonly string[];
  readonly seed: Seed;
  readonly #table: SubjectTable;
  readonly #profiles = new Map<string, number>();
  readonly #values: Values[] = [];
  readonly #facts: Facts[] = [];

  constructor(names: readonly string[], seed: Seed, expected = 0) {
    this.names = names;
    this.seed = seed;
    this.#table = new SubjectTable(seed, expected, true);
  }

  profileOf(id: string): number {
    return this.#table.codeOf(id);
  }

  factsOf(profile: number): Facts | null {
    return this.#facts[profile - 1] ?? null;
  }

  /** Returns the profile of these values; creates it if needed. */
  profile(values: Values): number {
    const key = JSON.stringify(values);
    const known = this.#profiles.get(key);
    if (known !== undefined) return known;
    const found = this.names.flatMap((name, i) => {
      const value = values[i] ?? null;
      return value === null ? [] : [[name, value] as const];
    });
    this.#values.push(values);
    this.#facts.push(Object.fromEntries(found));
    this.#profiles.set(key, this.#facts.length);
    return this.#facts.length;
  }

  /** Stores hashes of 8 bytes, high half first, all with one profile. */
  put(hashes: Uint8Array, from: number, to: number, profile: number): void {
    this.#table.putCodes(hashes, from, to, profile);
  }

  /** Returns the values of each profile, in the order of their numbers. */
  get values(): readonly Values[] {
    return this.#values;
  }

  /** Returns entries as `SubjectTable` does, with profiles as codes. */
  entries(): Uint8Array {
    return this.#table.entries();
  }

  get subjects(): number {
    return this.#table.subjects;
  }

  get changes(): number {
    return this.#table.changes;
  }

  get bytes(): number {
    return this.#table.bytes;
  }
}
