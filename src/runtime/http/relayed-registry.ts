import { CATEGORIES, type SubjectType } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import { FactsTable, type Profiles, type Values } from '../decide/facts-table.ts';
import type { KnownSubjects } from '../decide/known-subjects.ts';
import { SubjectTable } from '../decide/subject-table.ts';
import { type Holders, WIRE_VERSION } from '../wire/wire.ts';

const NO_HOLDERS: Holders = { repository: {}, customer: {} };
const LINE_END = 10;
/** Bytes per subject: 8 of its hash, 4 of its profile. */
const ENTRY = 12;

/** Registry data from a relay: subjects of names in blacklists, and categories if decisions need them. */
export class RelayedRegistry implements KnownSubjects {
  #holders: Holders = NO_HOLDERS;
  #table: SubjectTable | null = null;
  #counted = 0;
  #facts: Record<SubjectType, { tag: string; table: FactsTable } | null> = {
    repository: null,
    customer: null,
  };
  /** Tag of the held categories; null: none. */
  #tag: string | null = null;

  get tag(): string | null {
    return this.#tag;
  }

  get subjects(): number {
    return this.#counted;
  }

  get bytes(): number {
    const { repository, customer } = this.#facts;
    return (this.#table?.bytes ?? 0) + (repository?.table.bytes ?? 0) + (customer?.table.bytes ?? 0);
  }

  get holders(): Holders {
    return this.#holders;
  }

  codeOf(id: string): number {
    return this.#table === null ? 0 : this.#table.codeOf(id);
  }

  holdersOf(subject: SubjectType, names: readonly string[]): readonly string[] {
    const holders = this.#holders[subject];
    return names.flatMap((name) => (Object.hasOwn(holders, name) ? (holders[name] ?? []) : []));
  }

  knowsHolders(subject: SubjectType, name: string): boolean {
    return Object.hasOwn(this.#holders[subject], name);
  }

  profiles(subject: SubjectType): Profiles | null {
    return this.#facts[subject]?.table ?? null;
  }

  /** Returns the tag of the held facts; null: none. */
  factsTag(subject: SubjectType): string | null {
    return this.#facts[subject]?.tag ?? null;
  }

  /** Stores the facts. Throws `relay_incompatible` for incomplete ones. */
  takeFacts(subject: SubjectType, body: Uint8Array): void {
    const end = body.indexOf(LINE_END);
    const { tag, seed, names, profiles } = factsHeadOf(body.subarray(0, Math.max(0, end)));
    const from = end + 1;
    if ((body.length - from) % ENTRY !== 0) throw foreign();
    const table = new FactsTable(names, { high: seed[0], low: seed[1] }, (body.length - from) / ENTRY);
    for (const values of profiles) table.profile(values);
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    for (let at = from; at < body.length; at += ENTRY) {
      const profile = view.getInt32(at + ENTRY - 4);
      if (table.factsOf(profile) === null) throw foreign();
      table.put(body, at, at + 8, profile);
    }
    this.#facts[subject] = { tag, table };
  }

  /** Stores the subjects of names; returns the names whose subjects changed. */
  takeHolders(holders: Holders): Set<string> {
    const before = this.#holders;
    this.#holders = holders;
    return new Set(
      (['repository', 'customer'] as const).flatMap((subject) =>
        [...new Set([...Object.keys(before[subject]), ...Object.keys(holders[subject])])].filter(
          (name) => String(before[subject][name]) !== String(holders[subject][name]),
        ),
      ),
    );
  }

  /** Stores the categories. Throws `relay_incompatible` for incomplete ones. */
  takeCategories(body: Uint8Array): void {
    const end = body.indexOf(LINE_END);
    const head = headOf(body.subarray(0, Math.max(0, end)));
    const counts = CATEGORIES.map((category) => head.counts[category] ?? 0);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (body.length !== end + 1 + 8 * total) throw foreign();
    const table = new SubjectTable({ high: head.seed[0], low: head.seed[1] }, total);
    let at = end + 1;
    for (const [i, category] of CATEGORIES.entries()) {
      const next = at + 8 * (counts[i] ?? 0);
      table.putAll(body, at, next, category);
      at = next;
    }
    this.#table = table;
    this.#counted = total;
    this.#tag = head.tag;
  }
}

interface Head {
  tag: string;
  seed: [number, number];
  counts: Record<string, number>;
}

function headOf(line: Uint8Array): Head {
  const { version, tag, seed, counts } = objectOf(line) as Partial<Head> & { version?: number };
  if (version !== WIRE_VERSION || typeof tag !== 'string' || !Array.isArray(seed) || seed.length !== 2) {
    throw foreign();
  }
  if (typeof counts !== 'object' || !Object.values(counts).every((count) => Number.isSafeInteger(count))) {
    throw foreign();
  }
  return { tag, seed: [Number(seed[0]), Number(seed[1])], counts };
}

interface FactsHead {
  tag: string;
  seed: [number, number];
  names: string[];
  profiles: Values[];
}

function factsHeadOf(line: Uint8Array): FactsHead {
  const { version, tag, seed, names, profiles } = objectOf(line) as Partial<FactsHead> & { version?: number };
  const isText = (value: unknown) => typeof value === 'string';
  if (
    version !== WIRE_VERSION ||
    typeof tag !== 'string' ||
    !(Array.isArray(seed) && seed.length === 2) ||
    !(Array.isArray(names) && names.every(isText)) ||
    !(
      Array.isArray(profiles) &&
      profiles.every((values) => Array.isArray(values) && values.every((one) => one === null || isText(one)))
    )
  ) {
    throw foreign();
  }
  return { tag, seed: [Number(seed[0]), Number(seed[1])], names, profiles };
}

function objectOf(line: Uint8Array): object {
  try {
    return Object(JSON.parse(new TextDecoder().decode(line))) as object;
  } catch {
    throw foreign();
  }
}

function foreign(): RolloutError {
  return new RolloutError(
    'relay_incompatible',
    'the categories or facts that the relay sent are not whole, or of another version',
    {
      hint: 'they are requested again automatically',
    },
  );
}
