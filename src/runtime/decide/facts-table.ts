import type { Seed } from '../../domain/eligibility/bucket.ts';
import type { Facts } from '../../domain/spec/audience/audience.ts';
import { SubjectTable } from './subject-table.ts';

/** What subjects have in common: as many as there are different facts, by numbers from 1. */
export interface Profiles {
  /** Of this subject; 0: the registry does not know it. */
  profileOf(id: string): number;
  /** Null for 0. */
  factsOf(profile: number): Facts | null;
}

/** The value of each asked attribute, in the order in which they were asked; null: there is none. */
export type Values = readonly (string | null)[];

/**
 * Facts of up to millions of subjects of one kind, as far as features ask for them. Subjects with the same facts share
 * one entry, so it costs 12 to 24 bytes a subject.
 */
export class FactsTable implements Profiles {
  /** The attributes that were asked for. */
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

  /** The profile of these values, made where there was none. */
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

  /** Takes over hashes of 8 bytes, high half first, all of one profile. */
  put(hashes: Uint8Array, from: number, to: number, profile: number): void {
    this.#table.putCodes(hashes, from, to, profile);
  }

  /** The values of each profile, in the order of their numbers. */
  get values(): readonly Values[] {
    return this.#values;
  }

  /** As of `SubjectTable`, with profiles for codes. */
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
