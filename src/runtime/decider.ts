import { CATEGORIES } from '../domain/vocabulary.ts';
import type { RuntimeFeature, RuntimeReading } from '../store/runtime-snapshot.ts';
import { type Categories, CompiledFeature, NO_CATEGORIES } from './compiled-feature.ts';
import type { EnvironmentOverrides } from './environment.ts';
import { isYes, reasonOf } from './outcome-codes.ts';
import type { DecisionReason, Evaluation } from './types.ts';

/** Longest id that a registry takes, in characters. */
const LONGEST_ID = 512;
const NOBODY: ReadonlyMap<string, CompiledFeature> = new Map();

/** The snapshot in memory, and the decisions from it. */
export class Decider {
  readonly #overrides: EnvironmentOverrides;
  readonly #features = new Map<string, CompiledFeature>();
  readonly #categories: Categories;
  /** Where a yes may come from: nothing, while nobody is eligible. */
  #open: ReadonlyMap<string, CompiledFeature> = NOBODY;
  /** Why nobody is eligible; null while somebody may be. */
  #shut: DecisionReason | null = 'not_ready';
  #globalStop = false;
  #names: readonly string[] = [];

  constructor(overrides: EnvironmentOverrides, categories: Categories) {
    this.#overrides = overrides;
    this.#categories = categories;
  }

  isEligible(feature: string, id: string): boolean {
    const compiled = this.#open.get(feature);
    return compiled !== undefined && isId(id) && isYes(compiled.decide(id));
  }

  evaluate(feature: string, id: string, stale: boolean): Evaluation {
    const compiled = this.#features.get(feature);
    if (!isId(id)) return refused('invalid_subject', compiled, stale);
    if (!compiled) {
      const stopped = this.#overrides.stopsUnknown(feature);
      return refused(
        stopped ? 'env_stop' : this.#names.length === 0 ? (this.#shut ?? 'unknown') : 'unknown',
        undefined,
        stale,
      );
    }
    const code = compiled.decide(id);
    const open = this.#shut === null;
    return {
      eligible: open && isYes(code),
      // What says no by itself is the better reason.
      reason: isYes(code) && this.#shut !== null ? this.#shut : reasonOf(code),
      bucket: compiled.bucketOf(id),
      percentage: compiled.percentage,
      revision: compiled.row.revision,
      stale,
    };
  }

  /** The row of a feature; undefined where there is none. */
  rowOf(feature: string): RuntimeFeature | undefined {
    return this.#features.get(feature)?.row;
  }

  /** Category of a feature's subject; empty where none is known here. */
  categoryOf(feature: string, id: string): string {
    const code = this.rowOf(feature)?.subject === 'repository' ? this.#categories.codeOf(id) : 0;
    return CATEGORIES[code - 1] ?? '';
  }

  /** Keys of what is not archived, sorted. */
  names(): readonly string[] {
    return this.#names;
  }

  /** Takes over what was read; returns the features that are other ones than before. */
  apply({ state, features }: RuntimeReading, whole: boolean): string[] {
    const changed = features.map(({ feature }) => feature);
    if (whole) {
      const read = new Set(changed);
      for (const feature of this.#features.keys()) {
        if (read.has(feature)) continue;
        this.#features.delete(feature);
        changed.push(feature);
      }
    }
    for (const row of features) this.#features.set(row.feature, this.#compile(row));
    const stopChanged = state.global_stop !== this.#globalStop;
    this.#globalStop = state.global_stop;
    for (const compiled of this.#features.values()) compiled.stopAll(state.global_stop);
    this.#names = [...this.#features.values()]
      .filter(({ row }) => !row.archived)
      .map(({ row }) => row.feature)
      .sort();
    return stopChanged ? [...this.#features.keys()] : changed;
  }

  #compile(row: RuntimeFeature): CompiledFeature {
    const categories = row.subject === 'repository' ? this.#categories : NO_CATEGORIES;
    return new CompiledFeature(row, this.#overrides.of(row), categories);
  }

  /** From now on decisions come from the snapshot. */
  open(): void {
    this.#open = this.#features;
    this.#shut = null;
  }

  /** From now on nobody is eligible, because of this. */
  shut(reason: DecisionReason): void {
    this.#open = NOBODY;
    this.#shut = reason;
  }
}

/** An id as a registry could hold it. Anything may come from a payload, whatever the types say. */
export function isId(id: unknown): id is string {
  if (typeof id !== 'string' || id.length === 0) return false;
  return id.length <= LONGEST_ID || (id.length <= 2 * LONGEST_ID && Array.from(id).length <= LONGEST_ID);
}

function refused(reason: DecisionReason, compiled: CompiledFeature | undefined, stale: boolean): Evaluation {
  return {
    eligible: false,
    reason,
    bucket: null,
    percentage: compiled?.percentage ?? null,
    revision: compiled?.row.revision ?? null,
    stale,
  };
}
