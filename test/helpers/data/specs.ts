import fc from 'fast-check';
import { evaluate, type Subject } from '../../../src/domain/eligibility/eligibility.ts';
import { type ActualFeature, settingsOf } from '../../../src/domain/plan/actual.ts';
import type { DesiredFeature } from '../../../src/domain/plan/desired.ts';
import type { AudienceChange } from '../../../src/domain/plan/impact.ts';
import type { Facts } from '../../../src/domain/spec/audience/audience.ts';
import type { Incident } from '../../../src/domain/spec/incident.ts';
import { foldName, resolveLists, sortedSet } from '../../../src/domain/spec/resolve.ts';
import {
  asResolved,
  EXPOSURE_FIELDS,
  type Exposure,
  exposureOf,
  type ResolvedExposure,
  type Spec,
  withField,
} from '../../../src/domain/spec/spec.ts';
import { CATEGORIES, STRATEGIES, type SubjectType } from '../../../src/domain/spec/vocabulary.ts';
import { seededRandom } from '../../../src/lib/random.ts';

/** An exposure that is on at 0%: nobody, until a test says otherwise. */
export function exposure(overrides: Partial<Exposure> = {}): ResolvedExposure {
  return asResolved({
    active: true,
    emergency_stop: false,
    strategy: 'percentage',
    percentage: 0,
    categories: null,
    whitelist: [],
    blacklist: [],
    salt: 'salt',
    ...overrides,
  });
}

/** One audience becomes another of the same kind, while the test repositories stay as they are. */
export function audience(
  before: ResolvedExposure | null,
  after: ResolvedExposure | null,
  subject: SubjectType = 'repository',
): AudienceChange {
  return { before: { subject, exposure: before }, after: { subject, exposure: after }, tests: null };
}

/** A spec as the file gives it with every default filled in. */
export function spec(overrides: Partial<Spec> = {}): Spec {
  return {
    ...exposure(),
    description: null,
    owner: null,
    subject: 'repository',
    paused: false,
    analysis: 'sequential',
    thresholds: {
      max_error_rate: 5,
      warning_error_rate: 2.5,
      critical_error_rate: 10,
      minimum_jobs: 10,
      window: 86_400,
      advance_error_rate: 3,
      max_slowdown: 1.5,
      job_timeout: { inngest: 900, github_actions: 10_800 },
    },
    rollback: { enabled: true, fuse: true, via: 'commit', on_shared_outage: 'freeze' },
    steps: [],
    advance: 'manual',
    routing: {
      fallback: 'inngest',
      realtime: 'inngest',
      bulk: 'github_actions',
      recent_days: 1,
      small_batch: 10,
      large_batch: 50,
    },
    costs: {},
    ...overrides,
  };
}

/** A feature of the file whose names are known to the registry as `known` says (names in lower case). */
export function desired(overrides: Partial<Spec> = {}, known: Record<string, string> = {}): DesiredFeature {
  const said = spec(overrides);
  return { spec: said, resumes: null, ...resolveLists(said, {}, new Map(Object.entries(known))) };
}

/** The same, with `resumes: 7`: the incident that its entry raises it after. */
export function resuming(overrides: Partial<Spec> = {}, incident = '7'): DesiredFeature {
  return { ...desired(overrides), resumes: incident };
}

/** The row as reconcile left it for this feature of the file; `changed` is what SQL by hand did since. */
export function row(
  feature: string,
  { spec: said, exposure: columns, resolved }: DesiredFeature = desired(),
  changed: Partial<Exposure> = {},
  rest: Partial<ActualFeature> = {},
): ActualFeature {
  return {
    feature,
    spec: said,
    edited: null,
    unsealed: [],
    resolved,
    columns: { ...columns, ...changed },
    settings: settingsOf(said),
    archived: false,
    revision: 'before',
    ...rest,
  };
}

export const OPENED = new Date('2026-11-20T08:00:00Z');

/** An open rollback to off, of a feature that was at 25%. */
export function incident(feature: string, overrides: Partial<Incident> = {}): Incident {
  return {
    id: '7',
    feature,
    kind: 'rollback',
    state: 'open',
    reason: 'errors 12% > 5%',
    opened_at: OPENED,
    subject: 'repository',
    held: exposure({ active: false, percentage: 0 }),
    before: exposure({ percentage: 25 }),
    permit: null,
    settled_by: [],
    settlement: 'contained',
    ...overrides,
  };
}

/** Ids of those who are in. */
export function admitted(said: Exposure, population: readonly Subject[]): string[] {
  return population.filter((one) => evaluate(said, one).eligible).map(({ id }) => id);
}

/** Is everybody of the one list in the other? */
export function within(part: readonly string[], whole: readonly string[]): boolean {
  return part.every((id) => whole.includes(id));
}

const IDS = Array.from({ length: 16 }, (_, place) => `id${place}`);
// Names that differ in case only belong to different moments, and a name without an owner is none.
const NAMES = ['Acme/One', 'acme/two', 'ACME/Three', 'acme', 'ID3', null];

/** A registry of these ids, with names and categories as they fall. */
export const population: fc.Arbitrary<Subject[]> = fc.nat().map((seed) => {
  const random = seededRandom(seed);
  const oneOf = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)] as T;
  return IDS.map((id) => {
    const name = oneOf(NAMES);
    return {
      id,
      name,
      category: oneOf([...CATEGORIES, null]),
      facts: oneOf([factsOf(name), factsOf(name), null]),
    };
  });
  function factsOf(name: string | null): Facts {
    return {
      ...(random() < 0.8 ? { plan: oneOf(['free', 'pro', 'max']) } : {}),
      ...(random() < 0.8 ? { region: oneOf(['eu', 'us']) } : {}),
      ...(name?.includes('/') ? { owner: foldName(name.slice(0, name.indexOf('/'))) } : {}),
    };
  }
});

const percentage = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 0.01, 5, 10, 25, 30, 50, 75, 99.99, 100) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100) },
);

const filter = fc.record(
  {
    plan: fc.subarray(['free', 'pro', 'max'], { minLength: 1 }),
    region: fc.subarray(['eu', 'us'], { minLength: 1 }),
  },
  { requiredKeys: [] },
);
const maybeFilter = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: filter.map((one) => (Object.keys(one).length === 0 ? undefined : one)) },
);
const maybeGroup = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom('plan', 'owner') },
);

/** Owners in lists, of which the first has repositories. */
const OWNERS = ['acme/*', 'nobody/*'];

const list = (entries: readonly string[]) =>
  fc.subarray([...entries], { maxLength: 4 }).map((some) => sortedSet(some));

/** A resolved exposure over that registry: ids in the lists, and in the blacklist also folded names. */
export const anyExposure: fc.Arbitrary<ResolvedExposure> = fc
  .record({
    active: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    emergency_stop: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    strategy: fc.constantFrom(...STRATEGIES),
    percentage,
    categories: fc.oneof(
      { weight: 2, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.subarray([...CATEGORIES], { minLength: 1 }) },
    ),
    whitelist: list([...IDS.slice(0, 8), ...OWNERS]),
    blacklist: list([...IDS.slice(0, 8), ...OWNERS, ...NAMES.filter((name) => name !== null).map(foldName)]),
    salt: fc.constantFrom('a', 'a', 'b'),
    where: maybeFilter,
    not: maybeFilter,
    group_by: maybeGroup,
  })
  .map(({ where, not, group_by, ...others }) =>
    asResolved({
      ...others,
      ...(where === undefined ? {} : { where }),
      ...(not === undefined ? {} : { not }),
      ...(group_by === undefined ? {} : { group_by }),
    }),
  );

/** Two exposures of which one is the other with some fields changed: far more often comparable than any two. */
export const exposurePair: fc.Arbitrary<[ResolvedExposure, ResolvedExposure]> = fc
  .tuple(anyExposure, anyExposure, fc.subarray([...EXPOSURE_FIELDS]))
  .map(([one, other, fields]) => [
    fields.reduce((changed, field) => withField(changed, field, other), one),
    one,
  ]);

/** A spec with any exposure; its lists hold ids only, so that they resolve to themselves. */
export const anySpec: fc.Arbitrary<Spec> = fc
  .record({ said: anyExposure, errorRate: fc.constantFrom(5, 8), paused: fc.boolean() })
  .map(({ said, errorRate, paused }) => {
    const usual = spec();
    return spec({
      ...exposureOf(said),
      blacklist: said.blacklist.filter((entry) => IDS.includes(entry)),
      paused,
      thresholds: { ...usual.thresholds, max_error_rate: errorRate },
    });
  });
