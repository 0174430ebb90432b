import { fillSpec } from '../../config/read/fill.ts';
import type { BrokenProcessor } from '../../domain/evidence/breaker.ts';
import { dailyTimesTold } from '../../domain/evidence/daily-times.ts';
import { byKey } from '../../domain/evidence/rates.ts';
import { routesTold } from '../../domain/evidence/routes.ts';
import type { ActualFeature } from '../../domain/plan/actual.ts';
import { calledBy, type Quarantined } from '../../domain/quarantine/quarantine.ts';
import { differenceSeries } from '../../domain/report/difference-series.ts';
import { withoutSubjects } from '../../domain/report/failures.ts';
import { shownEntry } from '../../domain/report/history.ts';
import type { ReportFeature } from '../../domain/report/report.ts';
import { admitsNobody } from '../../domain/spec/at-most.ts';
import { isNarrowed, narrowingOf, withoutValues } from '../../domain/spec/audience/audience.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { CATEGORIES } from '../../domain/spec/vocabulary.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { State } from '../../store/configuration/state.ts';
import type { Reader } from '../../store/store.ts';
import { failingEpoch, readFailures } from './feature/failures.ts';
import { healthReader } from './feature/health.ts';
import { routesReader } from './feature/routes.ts';
import { adviceFor } from './report-advice.ts';
import { leftNobody, stretchOf } from './report-difference.ts';
import { emptyRates, emptyScores, exposureNow, type Weeks, weeksOf } from './report-series.ts';
import { soakNow, standingTold } from './report-standing.ts';
import { bySize } from './status.ts';

export interface ReportOptions {
  /** Only this feature, even if archived; left out: every feature that is not archived. */
  feature?: string | undefined;
  /** True: whitelisted subjects and error texts may be included. Default false. */
  showNames?: boolean;
  /** `https://host/owner/name`; without it there are no links. */
  repositoryUrl?: string | null;
  /**
   * Simulates traffic for advice about soaks, which takes some tens of milliseconds per feature. Default true; false
   * for a page that is polled.
   */
  simulate?: boolean;
}

const INCIDENTS = 20;
const HISTORY = 100;
/** Days for which durations of jobs are shown. */
const TIME_DAYS = 14;
/** Weeks that costs and advice cover. */
const WEEKS = 4;

/** Reads the facts of every feature, or of one, at once; the returned function reports each. */
export async function featureReader(
  read: Reader,
  state: State,
  standings: readonly FeatureStanding[],
  options: ReportOptions,
) {
  const known = await readKnown(read, state, standings, options.feature);
  return async (standing: FeatureStanding): Promise<ReportFeature> => {
    const name = standing.feature;
    const row = known.rows.get(name);
    const spec = specOf(name, row);
    const categories = bySize(known.eligible.get(name) ?? []);
    const health = known.healthOf(standing, categories);
    const live = row !== undefined && !admitsNobody(row.columns) && state.global_stop === null;
    const history = known.history.get(name) ?? [];
    const exposure = exposureNow((known.exposures.get(name) ?? []).map(without), state.global_stop);
    const turns = (known.turns.get(name) ?? []).map(without);
    const incidents = (known.incidents.get(name) ?? []).map(without);
    const weeks = weeksOf(known.sums.get(name) ?? [], spec, exposure, state.now, WEEKS);
    const since = known.soaks.get(name)?.since ?? standing.step_started_at;
    const soak = live ? soakNow(spec, since, health.soak_left ?? 0) : null;
    const past = { exposure, turns, incidents };
    const spans = known.spans.get(name);
    // Only subjects of known size have a category.
    const possible = spec.subject === 'repository' ? (spec.categories?.length ?? CATEGORIES.length + 1) : 1;
    const facts = { standing, spec, live, health, state, past };
    return {
      ...ofSpec(spec, options.showNames ?? false),
      ...ofStanding(standing),
      ...standingTold({ ...facts, soak, categories }),
      ...brokenIn(known.breakers.get(name) ?? []),
      ...quarantinedIn(known.quarantined.get(name) ?? [], options.showNames ?? false),
      soak,
      categories,
      ...past,
      ...weeksTold(weeks),
      health: { ...health, error_texts: options.showNames ? health.error_texts : [] },
      ...(options.showNames ? known.failuresOf(name) : withoutSubjects(known.failuresOf(name))),
      difference: spans ? differenceSeries(spans, possible) : null,
      rates: known.rates.get(name) ?? emptyRates(),
      ...dailyTimesTold(known.dailyTimes.get(name)),
      ...routesTold(known.routesOf(name)),
      scores: known.scores.get(name) ?? emptyScores(),
      history: history.map(shownEntry),
      history_left_out: Math.max(0, (known.counts.get(name) ?? 0) - history.length),
      advice: await adviceFor(read, { ...facts, weeks, simulate: options.simulate ?? true }),
    };
  };
}

async function readKnown(
  read: Reader,
  state: State,
  standings: readonly FeatureStanding[],
  only: string | undefined,
) {
  const soaks = await read.health.soaks(standings);
  const exposures = byKey(await read.health.exposures(only), featureOf);
  const incidents = byKey(await read.incidents.details(INCIDENTS, only), featureOf);
  const stretches = standings.flatMap(
    (one) =>
      stretchOf(one, exposures.get(one.feature) ?? [], incidents.get(one.feature) ?? [], state.now) ?? [],
  );
  const rows = await read.features.actual(only);
  const failing = standings.map((one) =>
    failingEpoch(one, leftNobody(one, incidents.get(one.feature)?.[0]), state.now),
  );
  return {
    failuresOf: await readFailures(read, failing),
    healthOf: await healthReader(read, state, standings, only),
    soaks,
    rows,
    eligible: await read.features.eligible(only),
    exposures,
    incidents,
    spans: await read.outcomes.spanSums(stretches),
    rates: new Map((await read.outcomes.rateSeries(only)).map((row) => [row.feature, without(row)])),
    dailyTimes: await read.outcomes.dailyTimes(TIME_DAYS, only),
    routesOf: await routesReader(read, rows, only),
    scores: new Map((await read.health.scoreSeries(only)).map((row) => [row.feature, without(row)])),
    turns: byKey(await read.health.turns(only), featureOf),
    quarantined: byKey(await read.incidents.quarantined(only), featureOf),
    breakers: byKey(await read.health.breakers(only), featureOf),
    sums: byKey(await read.outcomes.processorSums(WEEKS, only), featureOf),
    counts: await read.history.counts(only),
    history: await read.history.latest(HISTORY, only),
  };
}

/** The reconciled spec, with exposure from the columns; defaults if none was reconciled. */
function specOf(feature: string, row: ActualFeature | undefined): Spec {
  const spec = row?.spec ?? fillSpec(feature, {}, {});
  return row ? { ...spec, ...row.columns, subject: row.settings.subject } : spec;
}

function ofSpec(spec: Spec, showNames: boolean) {
  const { description, owner, paused, steps, thresholds, analysis, whitelist, blacklist } = spec;
  return {
    description,
    owner,
    paused,
    steps,
    thresholds,
    analysis,
    rollback_enabled: spec.rollback.enabled,
    category_filter: spec.categories,
    ...narrowingIn(spec, showNames),
    lists: {
      whitelist: whitelist.length,
      blacklist: blacklist.length,
      names: showNames ? { whitelist, blacklist } : null,
    },
  };
}

function narrowingIn(spec: Spec, showNames: boolean): Pick<ReportFeature, 'narrowing'> {
  if (!isNarrowed(spec)) return {};
  const narrowing = narrowingOf(spec);
  return { narrowing: showNames ? narrowing : withoutValues(narrowing) };
}

function brokenIn(broken: readonly BrokenProcessor[]): Pick<ReportFeature, 'breakers'> {
  return broken.length === 0 ? {} : { breakers: broken.map(without) };
}

function quarantinedIn(
  inside: readonly Quarantined[],
  showNames: boolean,
): Pick<ReportFeature, 'in_quarantine'> {
  if (inside.length === 0) return {};
  return { in_quarantine: { count: inside.length, names: showNames ? inside.map(calledBy) : null } };
}

function ofStanding(standing: FeatureStanding) {
  const { feature, subject, strategy, percentage, active, emergency_stop, revision } = standing;
  const { epoch, epoch_started_at, step_started_at } = standing;
  return {
    feature,
    subject,
    strategy,
    percentage,
    active,
    emergency_stop,
    revision,
    epoch,
    epoch_started_at,
    step_started_at,
  };
}

function weeksTold({ now, before, cost }: Weeks): Pick<ReportFeature, 'weeks' | 'cost'> {
  return { weeks: { now, before }, cost };
}

function featureOf({ feature }: { feature: string }): string {
  return feature;
}

function without<T extends { feature: string }>({ feature: _feature, ...rest }: T): Omit<T, 'feature'> {
  return rest;
}
