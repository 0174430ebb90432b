import { DEFAULT_ROUTING } from '../../domain/evidence/routing.ts';
import type { Route } from '../../domain/notify/route.ts';
import { TOLERATED_ODDS } from '../../domain/score/relative.ts';
import { type Filter, type Narrowing, OWNER } from '../../domain/spec/audience/audience.ts';
import type { Hours } from '../../domain/spec/hours.ts';
import { WEEKDAYS } from '../../domain/spec/hours.ts';
import { type Policy, REQUIRED_KEYS } from '../../domain/spec/policy.ts';
import { foldName, sortedSet } from '../../domain/spec/resolve.ts';
import type {
  Cost,
  Guardrail,
  OutcomesKept,
  Rollback,
  Routing,
  Spec,
  Step,
  Thresholds,
  TimeLimit,
} from '../../domain/spec/spec.ts';
import { CATEGORIES, type SubjectType } from '../../domain/spec/vocabulary.ts';
import { parseDuration } from '../../lib/duration.ts';
import { entrySet } from '../base/entries.ts';
import type {
  Costs,
  Defaults,
  Feature,
  FilterEntry,
  GuardrailEntry,
  HoursEntry,
  MetricEntry,
  RolloutFile,
  RouteEntry,
  Steps,
  ThresholdsEntry,
  TimeLimits,
} from '../base/schema-types.ts';
import { tellsSubjects } from '../base/tells-subjects.ts';
import { PLANS } from './plans.ts';

const MAX_ERROR_RATE = 5;

const ROLLBACK: Rollback = { enabled: true, fuse: true, via: 'commit', on_shared_outage: 'freeze' };

const JOB_TIMEOUT: Readonly<Record<string, string>> = { inngest: '15m', github_actions: '3h' };
/** Timeout of processors that are routed to and have none of their own. */
const OTHER_JOB_TIMEOUT = '3h';

/** Metrics of a file, by name. */
export type Metrics = Readonly<Record<string, MetricEntry>>;

/** Fills in every default of a feature: its own value, otherwise that of `defaults`, otherwise the built-in one. */
export function fillSpec(key: string, feature: Feature, defaults: Defaults, metrics: Metrics = {}): Spec {
  const entries = feature.guardrails ?? defaults.guardrails ?? [];
  const guardrails = fillGuardrails(entries, metrics, feature.advanced?.correlation);
  const routing = { ...DEFAULT_ROUTING, ...defaults.routing, ...feature.routing };
  return {
    description: feature.description ?? null,
    owner: feature.owner ?? defaults.owner ?? null,
    subject: feature.subject ?? defaults.subject ?? 'repository',
    active: feature.active ?? true,
    emergency_stop: feature.emergency_stop ?? false,
    paused: feature.paused ?? defaults.paused ?? false,
    strategy: feature.strategy ?? 'percentage',
    // 0 and never 100: a feature without a percentage exposes nobody.
    percentage: feature.percentage ?? 0,
    categories: feature.categories ? CATEGORIES.filter((c) => feature.categories?.includes(c)) : null,
    ...fillNarrowing(feature, feature.subject ?? defaults.subject ?? 'repository'),
    whitelist: entrySet(feature.whitelist ?? []),
    blacklist: entrySet(feature.blacklist ?? []),
    salt: feature.salt ?? key,
    analysis: feature.analysis ?? defaults.analysis ?? 'sequential',
    thresholds: fillThresholds(feature.thresholds ?? {}, defaults.thresholds ?? {}, routing),
    rollback: { ...ROLLBACK, ...defaults.rollback, ...feature.rollback },
    steps: fillSteps(feature.steps ?? defaults.steps ?? []),
    advance: feature.advance ?? defaults.advance ?? 'manual',
    ...fillGates(feature, defaults),
    routing,
    costs: fillCosts(defaults.costs ?? {}, feature.costs ?? {}),
    ...(feature.budget || defaults.budget ? { budget: { ...defaults.budget, ...feature.budget } } : {}),
    ...(Object.keys(guardrails).length > 0 ? { guardrails } : {}),
  };
}

/** Owners are compared case-insensitively, like names. Absent keys are left out. */
function fillNarrowing({ where, not, group_by }: Feature, subject: SubjectType): Narrowing {
  const filter = (entry: FilterEntry): Filter =>
    Object.fromEntries(
      Object.entries(entry).map(([attribute, values]) => [
        attribute,
        sortedSet(subject === 'repository' && attribute === OWNER ? values.map(foldName) : values),
      ]),
    );
  return {
    ...(where === undefined ? {} : { where: filter(where) }),
    ...(not === undefined ? {} : { not: filter(not) }),
    ...(group_by === undefined ? {} : { group_by }),
  };
}

/**
 * Returns guardrails with the definitions of their metrics; those with an unknown metric, which is an error, are left
 * out.
 */
function fillGuardrails(
  entries: readonly GuardrailEntry[],
  metrics: Metrics,
  correlation: number | undefined,
): Record<string, Guardrail> {
  return Object.fromEntries(
    entries.flatMap(({ metric, limit, than_control, on_harm, dry_run, per }) => {
      const definition = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
      if (!definition) return [];
      const guardrail: Guardrail = {
        source: definition.source,
        ...(definition.slower_than === undefined ? {} : { slower_than: timeLimit(definition.slower_than) }),
        ...queryOf(definition),
        limit,
        than_control: than_control ?? TOLERATED_ODDS,
        on_harm: on_harm ?? (tellsSubjects(definition) ? 'rollback' : 'freeze'),
        dry_run: dry_run ?? false,
        per: per ?? 'event',
        ...(correlation === undefined || tellsSubjects(definition) ? {} : { correlation }),
      };
      return [[metric, guardrail] as const];
    }),
  );
}

/** Returns the limits of the file; null if it has none. */
export function fillPolicy({ policy, promotes }: Pick<RolloutFile, 'policy' | 'promotes'>): Policy | null {
  if (!policy && !promotes) return null;
  const { largest_raise, largest_category_last, require, hours } = policy ?? {};
  return {
    largest_raise: {
      points: largest_raise?.points ?? null,
      subjects: largest_raise?.subjects ?? null,
      job_share: largest_raise?.job_share ?? null,
    },
    largest_category_last: largest_category_last ?? false,
    require: REQUIRED_KEYS.filter((key) => require?.includes(key)),
    hours: hours ? fillHours(hours) : null,
    ...(promotes ? { promotes: { from: promotes.from, soak: seconds(promotes.soak) } } : {}),
  };
}

/** Returns null if the file has no `outcomes`. */
export function fillOutcomes({ outcomes }: Pick<RolloutFile, 'outcomes'>): OutcomesKept | null {
  return outcomes
    ? { by_subject: outcomes.by_subject ?? 'full', keep_days: outcomes.keep_days ?? null }
    : null;
}

/** Returns the routes of the file with every default filled in; null if it has none. */
export function fillRoutes(entries: readonly RouteEntry[] | undefined): Route[] | null {
  if (!entries) return null;
  return entries.map(({ to, url_from, token_from, template, severity, owners, features }) => ({
    to,
    url_from: url_from ?? null,
    token_from: token_from ?? null,
    template: template ?? null,
    severity: severity ?? 'warning',
    owners: owners ?? null,
    features: features ?? null,
  }));
}

function timeLimit(written: TimeLimits): TimeLimit {
  if (typeof written === 'object')
    return Object.fromEntries(Object.entries(written).map(([category, time]) => [category, seconds(time)]));
  return written === 'control_p95' ? written : seconds(written);
}

/** Returns the steps of a feature: its own list, or the built-in plan that it names. */
function fillSteps(steps: Steps): Step[] {
  if (typeof steps === 'string') return PLANS[steps].map((step) => ({ ...step }));
  return steps.map(({ percentage, soak, minimum_jobs, approve }) => ({
    percentage,
    soak: soak === undefined ? null : seconds(soak),
    name: null,
    ...(minimum_jobs === undefined ? {} : { minimum_jobs }),
    ...(approve ? { approve } : {}),
  }));
}

/** Leaves out absent keys, so that digests of specs without them do not change. */
function fillGates(
  { hours, not_before, cutoff }: Feature,
  shared: Defaults,
): Pick<Spec, 'hours' | 'not_before' | 'cutoff'> {
  return {
    ...(hours || shared.hours ? { hours: fillHours({ ...shared.hours, ...hours }) } : {}),
    ...(not_before === undefined ? {} : { not_before }),
    ...(cutoff === undefined ? {} : { cutoff }),
  };
}

function fillHours({ days, from, to, zone }: HoursEntry): Hours {
  return {
    days: WEEKDAYS.filter((day) => days?.includes(day) ?? true),
    from: from ?? '00:00',
    to: to ?? '24:00',
    zone: zone ?? 'UTC',
  };
}

function queryOf({ source, bad, all, subject_label }: MetricEntry): Pick<Guardrail, 'query'> {
  if (source !== 'prometheus') return {};
  return { query: { bad: bad ?? '', all: all ?? '', subject_label: subject_label ?? null } };
}

function fillThresholds(own: ThresholdsEntry, shared: ThresholdsEntry, routing: Routing): Thresholds {
  const said = { ...shared, ...own };
  const max = said.max_error_rate ?? MAX_ERROR_RATE;
  return {
    max_error_rate: max,
    warning_error_rate: said.warning_error_rate ?? twoDecimals(max / 2),
    critical_error_rate: said.critical_error_rate ?? Math.min(100, twoDecimals(max * 2)),
    minimum_jobs: said.minimum_jobs ?? 10,
    window: seconds(said.window ?? '24h'),
    advance_error_rate: said.advance_error_rate ?? twoDecimals(max * 0.6),
    max_slowdown: said.max_slowdown ?? 1.5,
    job_timeout: fillTimeouts({ ...JOB_TIMEOUT, ...shared.job_timeout, ...own.job_timeout }, routing),
  };
}

/** Returns timeouts for every processor that a job may be routed to: a job that never ends must count too. */
function fillTimeouts(said: Readonly<Record<string, string>>, routing: Routing): Record<string, number> {
  const routed = [routing.fallback, routing.realtime, routing.bulk];
  const names = [...new Set([...Object.keys(said), ...routed])];
  return Object.fromEntries(
    names.map((name) => [name, seconds(Object.hasOwn(said, name) ? (said[name] ?? '') : OTHER_JOB_TIMEOUT)]),
  );
}

function fillCosts(shared: Costs, own: Costs): Record<string, Cost> {
  const names = [...new Set([...Object.keys(shared), ...Object.keys(own)])];
  return Object.fromEntries(
    names.map((name) => {
      const said = { ...shared[name], ...own[name] };
      return [name, { per_job: said.per_job ?? 0, per_minute: said.per_minute ?? 0 }];
    }),
  );
}

/** Rounds to hundredths, half up. */
function twoDecimals(value: number): number {
  return Math.round(value * 100) / 100;
}

function seconds(text: string): number {
  const value = parseDuration(text);
  if (value === null) throw new Error(`a duration that was checked cannot be read: ${text}`);
  return value;
}
