import { DEFAULT_ROUTING } from '../../domain/evidence/routing.ts';
import { looksLikeName } from '../../domain/spec/at-most.ts';
import { type Filter, isOwnerPattern, narrowingOf, OWNER } from '../../domain/spec/audience/audience.ts';
import { foldName, ownerFolded } from '../../domain/spec/resolve.ts';
import { EXPOSURE_FIELDS, type Exposure, type Routing } from '../../domain/spec/spec.ts';
import type { Category, SubjectType } from '../../domain/spec/vocabulary.ts';
import type { RuntimeFeature } from '../../store/runtime/feature.ts';

/**
 * A feature of a test, in the terms of `rollout.yaml`; an absent field has the file's default. Lists hold ids, and
 * owners as `acme/*`.
 */
export interface TestFeature extends Partial<Omit<Exposure, 'blacklist' | 'categories' | 'whitelist'>> {
  categories?: readonly Category[] | null;
  whitelist?: readonly string[];
  blacklist?: readonly string[];
  /** Subject type; default `repository`. */
  subject?: SubjectType;
  routing?: Partial<Routing>;
  /** Metrics of its guardrails, for `observe`; default none. */
  metrics?: readonly string[];
}

/** `true` stands for everybody, `false` for nobody. */
export type TestFeatures = Readonly<Record<string, TestFeature | boolean>>;

const KEYS: ReadonlySet<string> = new Set<keyof TestFeature>([
  ...EXPOSURE_FIELDS,
  'subject',
  'routing',
  'metrics',
]);

/** Returns the row that a reconcile of this feature would leave. Throws TypeError for an unknown field. */
export function rowOf(feature: string, given: TestFeature | boolean, epoch: number): RuntimeFeature {
  const fields: TestFeature = typeof given === 'boolean' ? { active: given, percentage: 100 } : given;
  refuse(feature, fields);
  const { subject = 'repository', where, not } = fields;
  return {
    feature,
    subject,
    active: fields.active ?? true,
    emergency_stop: fields.emergency_stop ?? false,
    strategy: fields.strategy ?? 'percentage',
    percentage: fields.percentage ?? 0,
    categories: fields.categories ? [...fields.categories] : null,
    whitelist: [...(fields.whitelist ?? [])].map(ownerFolded).sort(),
    blacklist: [...(fields.blacklist ?? [])].map(ownerFolded).sort(),
    salt: fields.salt ?? feature,
    ...narrowingOf({ ...fields, where: ownersFolded(where, subject), not: ownersFolded(not, subject) }),
    routing: { ...DEFAULT_ROUTING, ...fields.routing },
    epoch,
    revision: null,
    archived: false,
    job_timeout: {},
    metrics: [...(fields.metrics ?? [])].sort(),
    slower_than: {},
    slower_than_by: {},
    max_error_rate: 5,
    auto_rollback: true,
  };
}

/** Owners of repositories are compared case-insensitively, as in the file. */
function ownersFolded(filter: Filter | undefined, subject: SubjectType): Filter | undefined {
  if (filter === undefined || subject !== 'repository' || !Object.hasOwn(filter, OWNER)) return filter;
  return { ...filter, [OWNER]: (filter[OWNER] ?? []).map(foldName) };
}

/** A misspelled field would keep the default, and the test would prove something else. */
function refuse(feature: string, fields: TestFeature): void {
  const unknown = Object.keys(fields).filter((key) => !KEYS.has(key));
  if (unknown.length > 0) {
    throw new TypeError(`${feature} has no field ${unknown.join(', ')}; there are ${[...KEYS].join(', ')}`);
  }
  const { percentage, whitelist = [], blacklist = [] } = fields;
  if (percentage !== undefined && !(percentage >= 0 && percentage <= 100)) {
    throw new TypeError(`${feature}: percentage is ${percentage}, not 0 to 100`);
  }
  const name = [...whitelist, ...blacklist].find((entry) => looksLikeName(entry) && !isOwnerPattern(entry));
  if (name !== undefined) {
    throw new TypeError(
      `${feature}: the lists of a test hold ids, and ${name} is a name, which only a registry knows`,
    );
  }
}
