import { DEFAULT_ROUTING } from '../../domain/evidence/routing.ts';
import { TOLERATED_ODDS } from '../../domain/score/relative.ts';
import { type Filter, type Narrowing, OWNER } from '../../domain/spec/audience/audience.ts';
import { foldName, sortedSet } from '../../domain/spec/resolve.ts';
import type { Cost, Guardrail, Rollback, Spec, Step, TimeLimit } from '../../domain/spec/spec.ts';
import { CATEGORIES, type SubjectType } from '../../domain/spec/vocabulary.ts';
import { entrySet } from '../base/entries.ts';
import type {
  Costs,
  Defaults,
  Feature,
  FilterEntry,
  GuardrailEntry,
  MetricEntry,
  Steps,
  TimeLimits,
} from '../base/schema-types.ts';
import { tellsSubjects } from '../base/tells-subjects.ts';
import { fillThresholds } from './fill-thresholds.ts';
import { fillHours, seconds } from './fill-values.ts';
import { PLANS } from './plans.ts';

const ROLLBACK: Rollback = { enabled: true, fuse: true, via: 'commit', on_shared_outage: 'freeze' };

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

function queryOf({ source, bad, all, subject_label }: MetricEntry): Pick<Guardrail, 'query'> {
  if (source !== 'prometheus') return {};
  return { query: { bad: bad ?? '', all: all ?? '', subject_label: subject_label ?? null } };
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
