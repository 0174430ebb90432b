import { DEFAULT_ROUTING } from '../../domain/evidence/routing.ts';
import { attributesOf } from '../../domain/spec/audience/audience.ts';
import type { Routing } from '../../domain/spec/spec.ts';
import { LONGEST_SUBJECT, subjectProblem } from '../../domain/spec/subject-id.ts';
import { CATEGORIES, type SubjectType } from '../../domain/spec/vocabulary.ts';
import { isSameJson } from '../../lib/portable/same-json.ts';
import type { RuntimeFeature } from '../../store/runtime/feature.ts';
import type { RuntimeState } from '../../store/runtime/snapshot.ts';
import type { DecisionReason, Evaluation } from '../host/evaluation.ts';
import { NO_CATEGORIES } from './category-codes.ts';
import { CompiledFeature, isIdHashed } from './compiled-feature.ts';
import { isYes, reasonOf } from './decision-codes.ts';
import type { EnvironmentOverrides } from './environment.ts';
import type { KnownSubjects } from './known-subjects.ts';
import type { Needs } from './registry.ts';

const NOBODY: ReadonlyMap<string, CompiledFeature> = new Map();

/** The snapshot in memory, and the decisions from it. */
export class Decider {
  readonly #overrides: EnvironmentOverrides;
  readonly #features = new Map<string, CompiledFeature>();
  readonly #registry: KnownSubjects;
  /** Where a yes may come from: nothing, while nobody is eligible. */
  #open: ReadonlyMap<string, CompiledFeature> = NOBODY;
  /** Why nobody is eligible; null while somebody may be. */
  #shut: DecisionReason | null = 'not_ready';
  #globalStop = false;
  /** Every row; made anew with each change, so that whoever holds it holds what was. */
  #rows: readonly RuntimeFeature[] = [];
  #names: readonly string[] = [];
  #needs: Needs | null = null;
  /** Features by the metrics that they have events of. */
  #observing: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(overrides: EnvironmentOverrides, registry: KnownSubjects) {
    this.#overrides = overrides;
    this.#registry = registry;
  }

  isEligible(feature: string, id: string): boolean {
    const compiled = this.#open.get(feature);
    return compiled !== undefined && isText(id) && isYes(compiled.decide(id));
  }

  evaluate(feature: string, id: string, stale: boolean): Evaluation {
    const compiled = this.#features.get(feature);
    // First: a name that is not a feature is not ours to answer, whoever asks.
    if (!compiled) {
      const stopped = this.#overrides.stopsUnknown(feature);
      return refused(
        stopped ? 'env_stop' : this.#names.length === 0 ? (this.#shut ?? 'unknown') : 'unknown',
        undefined,
        stale,
      );
    }
    if (!isText(id)) return refused('invalid_subject', compiled, stale);
    const hash = compiled.hash(id);
    if (!isIdHashed(id, hash)) return refused('invalid_subject', compiled, stale);
    const code = compiled.decideBy(id, hash);
    const open = this.#shut === null;
    return {
      eligible: open && isYes(code),
      // A reason that excludes the subject by itself is the better one.
      reason: isYes(code) && this.#shut !== null ? this.#shut : reasonOf(code),
      bucket: compiled.bucketOf(id, hash),
      percentage: compiled.percentage,
      revision: compiled.row.revision,
      stale,
    };
  }

  /** The row of a feature; undefined where there is none. */
  rowOf(feature: string): RuntimeFeature | undefined {
    return this.#features.get(feature)?.row;
  }

  /** Every row, archived ones among them. */
  rows(): readonly RuntimeFeature[] {
    return this.#rows;
  }

  /** Routing of a feature, or of one that is not there. */
  routingOf(feature: string): Readonly<Routing> {
    return this.#features.get(feature)?.routing ?? DEFAULT_ROUTING;
  }

  /** Category of a feature's subject; empty where none is known here. */
  categoryOf(feature: string, id: string): string {
    const code = this.rowOf(feature)?.subject === 'repository' ? this.#registry.codeOf(id) : 0;
    return CATEGORIES[code - 1] ?? '';
  }

  /** Keys of what is not archived, sorted. */
  names(): readonly string[] {
    return this.#names;
  }

  /** Takes over what was read; returns the features that are other ones than before. */
  apply(
    { state, features }: { state: Pick<RuntimeState, 'global_stop'>; features: readonly RuntimeFeature[] },
    whole: boolean,
  ): string[] {
    // A row may be written without another word in it, as when its history goes on.
    const changed = features.filter((row) => {
      const known = this.rowOf(row.feature);
      return known === undefined || !isSameJson(row, known);
    });
    const gone = whole ? this.#without(new Set(features.map(({ feature }) => feature))) : [];
    for (const feature of gone) this.#features.delete(feature);
    for (const row of changed) this.#compile(row);
    const stopChanged = state.global_stop !== this.#globalStop;
    this.#globalStop = state.global_stop;
    if (stopChanged) for (const compiled of this.#features.values()) compiled.stopAll(state.global_stop);
    if (changed.length + gone.length > 0) {
      this.#lookAnew();
    }
    return stopChanged ? [...this.#features.keys()] : [...changed.map(({ feature }) => feature), ...gone];
  }

  /** Forgets rows; returns the features that were there. */
  remove(features: readonly string[]): string[] {
    const gone = features.filter((feature) => this.#features.delete(feature));
    if (gone.length > 0) this.#lookAnew();
    return gone;
  }

  /** Works out again what is known of all rows together. */
  #lookAnew(): void {
    this.#rows = [...this.#features.values()].map(({ row }) => row);
    this.#names = this.#namesNow();
    this.#needs = this.#needsNow();
    this.#observing = this.#observingNow();
  }

  #namesNow(): string[] {
    return this.#rows.flatMap(({ feature, archived }) => (archived ? [] : [feature])).sort();
  }

  /** Features that are not archived and have a guardrail on the events of this metric. */
  observing(metric: string): readonly string[] {
    return this.#observing.get(metric) ?? [];
  }

  #observingNow(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const row of this.#rows) {
      if (row.archived) continue;
      for (const metric of row.metrics) found.set(metric, [...(found.get(metric) ?? []), row.feature]);
    }
    return found;
  }

  #without(read: ReadonlySet<string>): string[] {
    return [...this.#features.keys()].filter((feature) => !read.has(feature));
  }

  #compile(row: RuntimeFeature): void {
    const registry = row.subject === 'repository' ? this.#registry : NO_CATEGORIES;
    const compiled = new CompiledFeature(row, this.#overrides.of(row), registry, {
      holdersOf: (names) => this.#registry.holdersOf(row.subject, names),
      knowsHolders: (name) => this.#registry.knowsHolders(row.subject, name),
      profiles: () => this.#registry.profiles(row.subject),
    });
    compiled.stopAll(this.#globalStop);
    this.#features.set(row.feature, compiled);
  }

  /** Registry data that decisions need; null: none. */
  needs(): Needs | null {
    return this.#needs;
  }

  #needsNow(): Needs | null {
    const names: Record<SubjectType, Set<string>> = { repository: new Set(), customer: new Set() };
    const attributes: typeof names = { repository: new Set(), customer: new Set() };
    let categories = false;
    for (const { needsCategories, names: asked, row } of this.#features.values()) {
      categories ||= needsCategories;
      if (!row.active) continue;
      for (const name of asked) names[row.subject].add(name);
      for (const attribute of attributesOf(row)) attributes[row.subject].add(attribute);
    }
    const sets = [...Object.values(names), ...Object.values(attributes)];
    if (!categories && sets.every(({ size }) => size === 0)) return null;
    return { categories, names: listsOf(names), attributes: listsOf(attributes) };
  }

  /** These names are somebody else's now; returns the features that have one of them in a list. */
  renamed(names: ReadonlySet<string>): string[] {
    const meant = [...this.#features.values()].filter(({ names: asked }) =>
      asked.some((name) => names.has(name)),
    );
    for (const { row } of meant) this.#compile(row);
    return meant.map(({ row }) => row.feature);
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
  return isText(id) && subjectProblem(id) === null;
}

function listsOf(sets: Record<SubjectType, Set<string>>): Record<SubjectType, string[]> {
  return { repository: [...sets.repository].sort(), customer: [...sets.customer].sort() };
}

/** Of a length that an id can have; what its characters are `decide` sees with the hash. */
function isText(id: unknown): id is string {
  return typeof id === 'string' && id.length > 0 && id.length <= 2 * LONGEST_SUBJECT;
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
