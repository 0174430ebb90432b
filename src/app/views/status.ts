import type { BrokenProcessor } from '../../domain/evidence/breaker.ts';
import { type DayTimes, dailyTimesTold } from '../../domain/evidence/daily-times.ts';
import { byKey } from '../../domain/evidence/rates.ts';
import { type RuleUse, routesTold } from '../../domain/evidence/routes.ts';
import type { Quarantined } from '../../domain/quarantine/quarantine.ts';
import type { Failures } from '../../domain/report/failures.ts';
import type { Narrowing } from '../../domain/spec/audience/audience.ts';
import { heartbeatIsStale } from '../../domain/spec/heartbeat.ts';
import { CATEGORIES } from '../../domain/spec/vocabulary.ts';
import type { State } from '../../store/configuration/state.ts';
import type { HourRow } from '../../store/health/rates.ts';
import type { Reader, Store } from '../../store/store.ts';
import { requireFeature } from '../registry/known-feature.ts';
import type { CategoryCount } from './feature/facts.ts';
import { failingEpoch, readFailures } from './feature/failures.ts';
import { type FeatureHealth, healthReader } from './feature/health.ts';
import { routesReader } from './feature/routes.ts';

/** One feature in a line, with its health. */
export interface StatusLine {
  feature: string;
  subject: string;
  strategy: string;
  percentage: number;
  active: boolean;
  emergency_stop: boolean;
  /** The attributes that it asks for; left out if there are none. */
  narrowing?: Narrowing;
  held: boolean;
  incident: string | null;
  incident_reason: string | null;
  incident_opened_at: Date | null;
  write_back: string | null;
  revision: string | null;
  /** Subjects that are in, out of all in the registry. */
  eligible: number;
  total: number;
  step_started_at: Date;
  epoch: number;
  epoch_started_at: Date;
  /** Finished treatment jobs of the last 24 hours by the hour, oldest first. */
  last_day: { jobs: number[]; errors: number[] };
  health: FeatureHealth;
}

export interface Status {
  features: StatusLine[];
  /** Subjects that are out of a feature whatever its file says. */
  quarantined: Quarantined[];
  /** Processors whose jobs go to the fallback in some processes, because they fail there (`routing.breaker`). */
  breakers: BrokenProcessor[];
  /** Keys of archived features. */
  archived: string[];
  /** When the scheduled tick last ran; null: never. */
  heartbeat: Date | null;
  /** The tick missed three runs: nothing is judged or rolled back meanwhile. */
  heartbeat_stale: boolean;
  environment: string | null;
  revision: string | null;
  global_stop: { reason: string; by: string; at: Date } | null;
  /** Time of the database's clock: every shown age is computed from it, never from this machine's. */
  now: Date;
}

/** Reads the exposure, health and next step of every feature that is not archived. */
export function status(store: Store, feature?: string): Promise<Status> {
  return store.reading(async (read) => {
    const state = await read.state();
    const { features, archived } = await linesOf(read, state, feature, false);
    return {
      archived,
      features: features.map(({ categories: _categories, ...line }) => line),
      quarantined: await read.incidents.quarantined(feature),
      breakers: await read.health.breakers(feature),
      heartbeat: state.heartbeat_at,
      heartbeat_stale: heartbeatIsStale(state.heartbeat_at, state.now),
      environment: state.environment,
      revision: state.revision,
      global_stop: state.global_stop,
      now: state.now,
    };
  });
}

export interface FeatureStats extends StatusLine, Failures {
  categories: CategoryCount[];
  /** Durations of jobs on each of the last 14 days; left out if no times are kept, and unless the feature is named. */
  daily_times?: DayTimes[];
  /** How often each routing rule decided; left out if no job was routed, and unless the feature is named. */
  routes?: RuleUse[];
}

export type Stats = Pick<Status, 'archived' | 'heartbeat' | 'heartbeat_stale' | 'now'> & {
  features: FeatureStats[];
};

/**
 * Reads the status in detail: eligible subjects by category, and since when. An archived feature is shown if it is
 * named. Failures are read if a feature is named, or if a number of `worst` subjects is requested.
 */
export function stats(store: Store, feature?: string, worst?: number): Promise<Stats> {
  return store.reading(async (read) => {
    if (feature !== undefined) await requireFeature(read, feature);
    const state = await read.state();
    const { features, archived } = await linesOf(read, state, feature, feature !== undefined);
    const more = feature === undefined ? null : await detailsReader(read, feature);
    const asked = feature === undefined && worst === undefined ? [] : features;
    const epochs = asked.map((one) => failingEpoch(one, one.health.rolled_back, state.now));
    const failuresOf = await readFailures(read, epochs, worst);
    return {
      features: features.map((one) => ({ ...one, ...more?.(one.feature), ...failuresOf(one.feature) })),
      archived,
      heartbeat: state.heartbeat_at,
      heartbeat_stale: heartbeatIsStale(state.heartbeat_at, state.now),
      now: state.now,
    };
  });
}

/** Reads details that are only shown for a named feature, because they are too much for a hundred. */
async function detailsReader(read: Reader, named: string) {
  const times = await read.outcomes.dailyTimes(TIME_DAYS, named);
  const routes = await routesReader(read, await read.features.actual(named), named);
  return (feature: string): Pick<FeatureStats, 'daily_times' | 'routes'> => ({
    ...dailyTimesTold(times.get(feature)),
    ...routesTold(routes(feature)),
  });
}

async function linesOf(
  read: Reader,
  state: State,
  feature: string | undefined,
  archivedToo: boolean,
): Promise<Pick<Stats, 'features' | 'archived'>> {
  const hours = byKey(await read.outcomes.hours(HOURS, feature), (row) => row.feature);
  const lines: FeatureStats[] = [];
  const standings = await read.features.standings(feature);
  const counts = await read.features.eligible(feature);
  const healthOf = await healthReader(read, state, standings, feature);
  for (const standing of standings.filter(({ archived }) => archivedToo || !archived)) {
    const categories = bySize(counts.get(standing.feature) ?? []);
    const sum = (count: 'eligible' | 'total') => categories.reduce((total, row) => total + row[count], 0);
    lines.push({
      ...standing,
      held: standing.incident !== null,
      eligible: sum('eligible'),
      total: sum('total'),
      categories,
      last_day: lastDay(hours.get(standing.feature) ?? []),
      health: healthOf(standing, categories),
    });
  }
  return { features: lines, archived: standings.flatMap((one) => (one.archived ? [one.feature] : [])) };
}

const HOURS = 24;
/** Days for which durations of jobs are shown. */
const TIME_DAYS = 14;

function lastDay(rows: readonly HourRow[]): StatusLine['last_day'] {
  const hour = (ago: number) => rows.find(({ hours_ago }) => hours_ago === ago);
  const of = (count: 'jobs' | 'errors') =>
    Array.from({ length: HOURS }, (_, i) => hour(HOURS - 1 - i)?.[count] ?? 0);
  return { jobs: of('jobs'), errors: of('errors') };
}

/** Smallest first, subjects without a category last. */
export function bySize(categories: CategoryCount[]): CategoryCount[] {
  const order: readonly (string | null)[] = [...CATEGORIES, null];
  return categories.sort((a, b) => order.indexOf(a.category) - order.indexOf(b.category));
}
