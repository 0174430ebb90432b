import { setImmediate } from 'node:timers/promises';
import type { Seed } from '../../domain/eligibility/bucket.ts';
import { same } from '../../domain/spec/difference.ts';
import { CATEGORIES, SUBJECT_TYPES, type SubjectType } from '../../domain/spec/vocabulary.ts';
import type { Queryable } from '../../store/db/client.ts';
import {
  type FactsReading,
  type RegistryReading,
  readCategories,
  readFacts,
  readHolders,
} from '../../store/runtime/registry.ts';
import { categoryCode } from './category-codes.ts';
import { FactsTable, type Profiles } from './facts-table.ts';
import type { KnownSubjects } from './known-subjects.ts';
import { SubjectTable } from './subject-table.ts';

/** Bytes of hashes that are stored before other work may run. */
const SLICE = 8 * 16_384;

/** Registry data that decisions need. */
export interface Needs {
  categories: boolean;
  /** Names in blacklists, and owners in lists as `acme/*`, in lower case. */
  names: Readonly<Record<SubjectType, readonly string[]>>;
  /** Attributes whose values decisions need, sorted. */
  attributes: Readonly<Record<SubjectType, readonly string[]>>;
}

/** Registry data in memory: only what decisions need, read once one needs it. */
export class Registry implements KnownSubjects {
  readonly #seed: Seed;
  readonly #seedText: bigint;
  #table: SubjectTable | null = null;
  #horizon: string | null = null;
  #counted = 0;
  /** Number of tables created so far. */
  #tables = 0;
  #holders: Record<SubjectType, Map<string, string[]>> = { repository: new Map(), customer: new Map() };
  #facts: Record<SubjectType, FactsTable | null> = { repository: null, customer: null };
  #factsHorizon: Record<SubjectType, string | null> = { repository: null, customer: null };

  constructor() {
    const random = new DataView(crypto.getRandomValues(new Uint8Array(8)).buffer);
    this.#seed = { high: random.getUint32(0), low: random.getUint32(4) };
    this.#seedText = random.getBigInt64(0);
  }

  codeOf(id: string): number {
    return this.#table === null ? 0 : this.#table.codeOf(id);
  }

  /** Returns ids of subjects that now have one of these names. */
  holdersOf(subject: SubjectType, names: readonly string[]): string[] {
    return names.flatMap((name) => this.#holders[subject].get(name) ?? []);
  }

  knowsHolders(subject: SubjectType, name: string): boolean {
    return this.#holders[subject].has(name);
  }

  profiles(subject: SubjectType): Profiles | null {
    return this.#facts[subject];
  }

  /** Returns facts for relays, with a text that changes whenever they do; null: none were requested. */
  get facts(): Readonly<Record<SubjectType, { table: FactsTable; revision: string } | null>> {
    const of = (subject: SubjectType) => {
      const table = this.#facts[subject];
      return table && { table, revision: `${this.#tables}.${table.changes}` };
    };
    return { repository: of('repository'), customer: of('customer') };
  }

  /** Returns the subjects of the names in blacklists. */
  get holders(): Readonly<Record<SubjectType, ReadonlyMap<string, readonly string[]>>> {
    return this.#holders;
  }

  /** Restores the subjects of names that were stored with a kept snapshot. */
  recallHolders(holders: Readonly<Record<SubjectType, Readonly<Record<string, readonly string[]>>>>): void {
    const of = (subject: SubjectType) =>
      new Map(Object.entries(holders[subject]).map(([name, ids]) => [name, [...ids]]));
    this.#holders = { repository: of('repository'), customer: of('customer') };
  }

  /** Returns categories for relays, with a text that changes whenever they do; null if none were read. */
  get categories(): { table: SubjectTable; seed: Seed; revision: string } | null {
    const table = this.#table;
    return table && { table, seed: this.#seed, revision: `${this.#tables}.${table.changes}` };
  }

  /** Returns the number of subjects with a category. */
  get subjects(): number {
    return this.#counted;
  }

  get bytes(): number {
    const { repository, customer } = this.#facts;
    return (this.#table?.bytes ?? 0) + (repository?.bytes ?? 0) + (customer?.bytes ?? 0);
  }

  /**
   * Forgets the position of the last reading: the server may be another one, for which it is no basis of a difference.
   */
  forgetPlace(): void {
    this.#horizon = null;
    this.#factsHorizon = { repository: null, customer: null };
  }

  /** Reads the present subjects of the names; returns the names whose subjects changed. */
  async refreshNames(db: Queryable, { names }: Needs): Promise<Set<string>> {
    const repository = await readHolders(db, 'repository', names.repository);
    const customer = await readHolders(db, 'customer', names.customer);
    const before = this.#holders;
    // Both or none: a name that was once reported as changed is not reported again.
    this.#holders = { repository, customer };
    const moved = (subject: SubjectType) =>
      names[subject].filter(
        (name) => String(before[subject].get(name)) !== String(this.#holders[subject].get(name)),
      );
    return new Set([...moved('repository'), ...moved('customer')]);
  }

  /** Reads categories if needed: all of them the first time, then changes. */
  async refreshCategories(db: Queryable, { categories }: Needs): Promise<void> {
    if (!categories) return;
    if (this.#table !== null && this.#horizon !== null) {
      const reading = await readCategories(db, this.#seedText, this.#horizon);
      await take(this.#table, reading);
      // Differences do not contain deleted rows: if the counts differ, everything is read again.
      if (this.#agrees(this.#table, reading)) {
        this.#horizon = reading.horizon;
        return;
      }
    }
    const reading = await readCategories(db, this.#seedText, null);
    const expected = [...reading.counts.values()].reduce((sum, count) => sum + count, 0);
    const table = new SubjectTable(this.#seed, expected);
    await take(table, reading);
    this.#table = table;
    this.#tables += 1;
    this.#horizon = reading.horizon;
    this.#counted = expected;
  }

  /** Reads facts if needed: all of them after a change of the attributes, then changes. */
  async refreshFacts(db: Queryable, { attributes }: Needs): Promise<void> {
    for (const subject of SUBJECT_TYPES) {
      const names = attributes[subject];
      if (names.length === 0) this.#facts[subject] = null;
      else await this.#refreshFactsOf(db, subject, names);
    }
  }

  async #refreshFactsOf(db: Queryable, subject: SubjectType, names: readonly string[]): Promise<void> {
    const asked = { subject, names, seed: this.#seedText };
    const [known, horizon] = [this.#facts[subject], this.#factsHorizon[subject]];
    if (known !== null && horizon !== null && same(known.names, names)) {
      const reading = await readFacts(db, asked, horizon);
      await takeFacts(known, reading);
      // As with categories, differences do not contain deleted rows.
      if (known.subjects === reading.total) {
        this.#factsHorizon[subject] = reading.horizon;
        return;
      }
    }
    const reading = await readFacts(db, asked, null);
    const table = new FactsTable(names, this.#seed, reading.total);
    await takeFacts(table, reading);
    this.#facts[subject] = table;
    this.#tables += 1;
    this.#factsHorizon[subject] = reading.horizon;
  }

  #agrees(table: SubjectTable, { counts }: RegistryReading): boolean {
    const here = table.counts();
    this.#counted = CATEGORIES.reduce((sum, category) => sum + (here[categoryCode(category)] ?? 0), 0);
    return CATEGORIES.every((category) => counts.get(category) === here[categoryCode(category)]);
  }
}

async function takeFacts(table: FactsTable, { changed }: FactsReading): Promise<void> {
  for (const { values, hashes } of changed) {
    const profile = table.profile(values);
    for (let from = 0; from < hashes.length; from += SLICE) {
      table.put(hashes, from, Math.min(from + SLICE, hashes.length), profile);
      if (from + SLICE < hashes.length) await setImmediate();
    }
  }
}

async function take(table: SubjectTable, { changed }: RegistryReading): Promise<void> {
  for (const { category, hashes } of changed) {
    for (let from = 0; from < hashes.length; from += SLICE) {
      table.putAll(hashes, from, Math.min(from + SLICE, hashes.length), category);
      await setImmediate();
    }
  }
}
