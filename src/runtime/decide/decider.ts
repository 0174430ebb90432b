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
  /** Features that may say yes; empty while nobody is eligible. */
  #open: ReadonlyMap<string, CompiledFeature> = NOBODY;
  /** Why nobody is eligible; null while decisions are open. */
  #shut: DecisionReason | null = 'not_ready';
  #globalStop = false;
  /** Every row; a new array with each change, so that earlier holders keep the earlier state. */
  #rows: readonly RuntimeFeature[] = [];
  #names: readonly string[] = [];
  #needs: Needs | null = null;
  /** Features by the metrics whose events they observe. */
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
    // Checked first: a name that is not a feature is unknown for every subject.
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
      // A reason that excludes the subject by itself takes precedence.
      reason: isYes(code) && this.#shut !== null ? this.#shut : reasonOf(code),
      bucket: compiled.bucketOf(id, hash),
      percentage: compiled.percentage,
      revision: compiled.row.revision,
      stale,
    };
  }

  /** Returns the row of a feature; undefined if there is none. */
  rowOf(feature: string): RuntimeFeature | undefined {
    return this.#features.get(feature)?.row;
  }

  /** Returns every row, including archived ones. */
  rows(): readonly RuntimeFeature[] {
    return this.#rows;
  }

  /** Returns the routing of a feature, also of an unknown one. */
  routingOf(feature: string): Readonly<Routing> {
    return this.#features.get(feature)?.routing ?? DEFAULT_ROUTING;
  }

  /** Returns the category of a feature's subject; empty if not known here. */
  categoryOf(feature: string, id: string): string {
    const code = this.rowOf(feature)?.subject === 'repository' ? this.#registry.codeOf(id) : 0;
    return CATEGORIES[code - 1] ?? '';
  }

  /** Returns the keys of features that are not archived, sorted. */
  names(): readonly string[] {
    return this.#names;
  }

  /** Applies a reading; returns the features that changed. */
  apply(
    { state, features }: { state: Pick<RuntimeState, 'global_stop'>; features: readonly RuntimeFeature[] },
    whole: boolean,
  ): string[] {
    // A row may be written without a change, for example when its history grows.
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

  /** Removes rows; returns the features that existed. */
  remove(features: readonly string[]): string[] {
    const gone = features.filter((feature) => this.#features.delete(feature));
    if (gone.length > 0) this.#lookAnew();
    return gone;
  }

  /** Recomputes what depends on all rows together. */
  #lookAnew(): void {
    this.#rows = [...this.#features.values()].map(({ row }) => row);
    this.#names = this.#namesNow();
    this.#needs = this.#needsNow();
    this.#observing = this.#observingNow();
  }

  #namesNow(): string[] {
    return this.#rows.flatMap(({ feature, archived }) => (archived ? [] : [feature])).sort();
  }

  /** Returns features that are not archived and have a guardrail on this metric's events. */
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

  /** Returns the registry data that decisions need; null: none. */
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

  /** Handles names that now belong to other subjects; returns the features that list one of them. */
  renamed(names: ReadonlySet<string>): string[] {
    const meant = [...this.#features.values()].filter(({ names: asked }) =>
      asked.some((name) => names.has(name)),
    );
    for (const { row } of meant) this.#compile(row);
    return meant.map(({ row }) => row.feature);
  }

  /** Opens decisions from the snapshot. */
  open(): void {
    this.#open = this.#features;
    this.#shut = null;
  }

  /** Makes nobody eligible from now on, for this reason. */
  shut(reason: DecisionReason): void {
    this.#open = NOBODY;
    this.#shut = reason;
  }
}

/** Is this an id as a registry could hold it? Payloads may contain anything, whatever the types say. */
export function isId(id: unknown): id is string {
  return isText(id) && subjectProblem(id) === null;
}

function listsOf(sets: Record<SubjectType, Set<string>>): Record<SubjectType, string[]> {
  return { repository: [...sets.repository].sort(), customer: [...sets.customer].sort() };
}

/** Does the text have a valid length for an id? `decide` checks its characters with the hash. */
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
