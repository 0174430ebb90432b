import { CATEGORIES, type SubjectType } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import type { KnownSubjects } from '../decide/known-subjects.ts';
import { SubjectTable } from '../decide/subject-table.ts';
import { type Holders, WIRE_VERSION } from '../wire/wire.ts';

const NO_HOLDERS: Holders = { repository: {}, customer: {} };
const LINE_END = 10;

/** What a relay told of the registry: who has the names in blacklists, and categories where decisions need them. */
export class RelayedRegistry implements KnownSubjects {
  #holders: Holders = NO_HOLDERS;
  #table: SubjectTable | null = null;
  #counted = 0;
  /** Of the categories that are held; null: none are. */
  #tag: string | null = null;

  get tag(): string | null {
    return this.#tag;
  }

  get subjects(): number {
    return this.#counted;
  }

  get bytes(): number {
    return this.#table?.bytes ?? 0;
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

  /** Takes over who has the names; returns those that changed hands. */
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

  /** Takes over the categories. Throws `relay_incompatible` for what is not whole. */
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
  let head: unknown = null;
  try {
    head = JSON.parse(new TextDecoder().decode(line));
  } catch {
    throw foreign();
  }
  const { version, tag, seed, counts } = (head ?? {}) as Partial<Head> & { version?: number };
  if (version !== WIRE_VERSION || typeof tag !== 'string' || !Array.isArray(seed) || seed.length !== 2) {
    throw foreign();
  }
  if (typeof counts !== 'object' || !Object.values(counts).every((count) => Number.isSafeInteger(count))) {
    throw foreign();
  }
  return { tag, seed: [Number(seed[0]), Number(seed[1])], counts };
}

function foreign(): RolloutError {
  return new RolloutError(
    'relay_incompatible',
    'the categories that the relay sent are not whole, or of another version',
    {
      hint: 'they are asked for again by themselves',
    },
  );
}
