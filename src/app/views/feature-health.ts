import {
  byKey,
  hundredths,
  mostOf,
  percentOf,
  rateOf,
  ratesByPlace,
  timesByProcessor,
} from '../../domain/evidence/rates.ts';
import { type Advance, type Gate, judgeAdvance } from '../../domain/gate/advance.ts';
import { NOTHING_HEARD } from '../../domain/gate/silence.ts';
import { waitsForNobodyElse } from '../../domain/gate/wait.ts';
import { healthScore, LEAST_PARTICIPATION } from '../../domain/health/health-score.ts';
import { slowdownOf } from '../../domain/health/slowdown.ts';
import type { ActualFeature } from '../../domain/plan/actual.ts';
import { type FeatureState, stateOf } from '../../domain/report/feature-state.ts';
import { type ReportHealth, unresolved } from '../../domain/report/report.ts';
import { failingRates, type RolledBack, rolledBackBy } from '../../domain/report/rolled-back.ts';
import { admitsNobody } from '../../domain/spec/at-most.ts';
import { freezeAt } from '../../domain/spec/freeze.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { DAY_SECONDS, secondsBetween } from '../../lib/time.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { State } from '../../store/configuration/snapshot.ts';
import type { LastVerdict, RateRow } from '../../store/health/rates.ts';
import type { Reader } from '../../store/store.ts';
import { gateFrom } from '../health/advance-gate.ts';

/** How a feature fares, and what comes next: for the status, the statistics and the page. */
export interface FeatureHealth extends ReportHealth {
  /** The same word as on the page. */
  state: FeatureState;
  /** Percentage of the next step. */
  next_step: number | null;
  /** Seconds of the soak that are left. */
  soak_left: number | null;
  /** The gate to the next step; null for a feature that is off or was never reconciled. */
  advance: Advance | null;
}

/** Who is in, of one category. */
export interface CategoryCount {
  category: string | null;
  eligible: number;
  total: number;
}

const ERROR_TEXTS = 5;

/** Reads what is known of these features at once: as many questions for a hundred as for one. Then tells of each. */
export async function healthReader(
  read: Reader,
  state: State,
  standings: readonly FeatureStanding[],
  feature?: string,
) {
  const rates = byFeature(await read.outcomes.rates(feature));
  const errors = byFeature(await read.outcomes.errorTexts(ERROR_TEXTS, feature));
  const open = byFeature(await read.outcomes.openJobs(feature));
  const participants = await read.outcomes.participants(feature);
  const verdicts = await read.health.lastVerdicts(feature);
  const rows = await read.features.actual(feature);
  const incidents = byFeature(await read.incidents.details(1, feature));
  const isLive = (row: ActualFeature | undefined) =>
    row !== undefined && !admitsNobody(row.columns) && state.global_stop === null;
  const steps = await stepReader(
    read,
    state,
    standings.filter((standing) => isLive(rows.get(standing.feature))),
  );
  return (standing: FeatureStanding, categories: readonly CategoryCount[]): FeatureHealth => {
    const name = standing.feature;
    const row = rows.get(name);
    const live = isLive(row);
    const spec = row?.spec ? { ...row.spec, ...row.columns } : null;
    const verdict = verdicts.get(name) ?? null;
    const facts: Facts = {
      standing,
      categories,
      live,
      spec,
      verdict,
      row,
      now: state.now,
      rates: rates.get(name) ?? [],
      participants: subjectsKept(state, row?.settings.window ?? DAY_SECONDS)
        ? (participants.get(name) ?? 0)
        : null,
      slowdown: live ? steps.slowdown(standing) : null,
    };
    const jobs = open.get(name) ?? [];
    const rolledBack = live ? null : rolledBackBy(incidents.get(name)?.[0]);
    const next = nextOf(steps, facts);
    const settled = unresolved(incidents.get(name) ?? [])?.state === 'settled';
    return {
      state: wordOf(facts, state, next, settled),
      ...summaryOf(facts),
      ...(rolledBack ? ratesBefore(rolledBack, facts) : {}),
      rolled_back: rolledBack,
      ...next,
      verdict: verdict && verdictOf(verdict),
      guardrails: verdict?.guardrails ?? [],
      open_jobs: jobs.reduce((sum, one) => sum + one.open, 0),
      oldest_open: jobs.reduce<Date | null>((oldest, one) => earlier(oldest, one.oldest), null),
      error_texts: (errors.get(name) ?? []).map(without),
      open_by_processor: jobs.map(without),
    };
  };
}

interface Facts {
  standing: FeatureStanding;
  categories: readonly CategoryCount[];
  live: boolean;
  spec: Spec | null;
  verdict: LastVerdict | null;
  row: ActualFeature | undefined;
  rates: readonly RateRow[];
  /** Null: not every subject was kept by its id in the window. */
  participants: number | null;
  slowdown: number | null;
  now: Date;
}

/** Was every subject kept by its id for the whole window, in seconds? */
function subjectsKept({ outcomes, subjects_whole_since, now }: State, window: number): boolean {
  if (outcomes !== null && outcomes.by_subject !== 'full') return false;
  return subjects_whole_since === null || secondsBetween(subjects_whole_since, now) >= window;
}

function summaryOf(facts: Facts) {
  const { rates, live, spec, row, verdict, slowdown, participants, categories } = facts;
  const inWindow = rates.filter(({ side }) => side === 'now');
  const of = (arm: RateRow['arm'], side: RateRow['side']) =>
    rateOf(rates.filter((one) => one.present && one.arm === arm && one.side === side));
  const treatment = of('treatment', 'now');
  const before = of('treatment', 'before');
  const eligible = categories.reduce((sum, one) => sum + one.eligible, 0);
  const participation =
    eligible > 0 && participants !== null
      ? { subjects: participants, share: (participants / eligible) * 100 }
      : null;
  const limit = row?.settings.max_error_rate ?? 5;
  const parts = live
    ? healthScore({
        verdict: verdict?.verdict ?? null,
        jobs: treatment.jobs,
        errors: treatment.errors,
        slowdown,
        criticalErrorRate: spec?.thresholds.critical_error_rate ?? Math.min(100, 2 * limit),
        maxSlowdown: spec?.thresholds.max_slowdown ?? 1.5,
        participation: participation && participation.share / 100,
      })
    : null;
  return {
    score: parts?.score ?? null,
    score_parts: parts,
    window: row?.settings.window ?? DAY_SECONDS,
    treatment,
    control: of('control', 'now'),
    before,
    trend:
      treatment.error_rate === null || before.error_rate === null
        ? null
        : hundredths(treatment.error_rate - before.error_rate),
    participation: participation && { ...participation, share: hundredths(participation.share) },
    warnings: live ? warningsOf(facts, eligible) : [],
    rates: ratesByPlace(inWindow),
    times: timesByProcessor(inWindow),
  };
}

/** Of a feature that was rolled back nothing runs any more: what is shown is what it was rolled back for. */
function ratesBefore(rolledBack: RolledBack, { rates }: Facts): Pick<FeatureHealth, 'treatment' | 'control'> {
  const of = (arm: RateRow['arm']) => rateOf(rates.filter((one) => one.arm === arm && one.side === 'now'));
  return failingRates(rolledBack) ?? { treatment: of('treatment'), control: of('control') };
}

function wordOf(
  { standing, live, spec, verdict }: Facts,
  state: State,
  { next_step, soak_left, advance }: Pick<FeatureHealth, 'next_step' | 'soak_left' | 'advance'>,
  settled: boolean,
): FeatureState {
  return stateOf({
    stopped: standing.emergency_stop || state.global_stop !== null,
    held: standing.incident !== null,
    settled,
    live,
    paused: spec?.paused ?? false,
    freeze: freezeAt(state.freezes, state.now) !== null,
    verdict: verdict?.verdict ?? null,
    next: next_step,
    soakLeft: soak_left ?? 0,
    ready: next_step !== null && advance !== null && waitsForNobodyElse(advance.wait),
  });
}

/** What the steps of these features are judged by: all of them read at once. */
async function stepReader(read: Reader, state: State, live: readonly FeatureStanding[]) {
  const speed = await read.health.speedOf(live);
  const jobs = await read.health.stepJobsOf(live);
  const soaks = await read.health.soaks(live);
  const soakOf = ({ feature, step_started_at }: FeatureStanding) =>
    soaks.get(feature) ?? { since: step_started_at, pausedSeconds: 0 };
  const spreads = await read.health.spreads(
    live.map((standing) => ({ ...standing, step_started_at: soakOf(standing).since })),
  );
  return {
    slowdown: ({ feature }: FeatureStanding) => slowdownOf(speed.get(feature) ?? []),
    gate: (standing: FeatureStanding, spec: Spec, judgement: Gate['judgement']) =>
      gateFrom(standing, spec, judgement, {
        soak: soakOf(standing),
        step: jobs.get(standing.feature) ?? { jobs: 0, errors: 0 },
        spread: spreads.get(standing.feature) ?? NOTHING_HEARD,
        state,
      }),
  };
}

/** The next step, and why it waits; nothing for a feature that is off or was never reconciled. */
function nextOf(steps: Awaited<ReturnType<typeof stepReader>>, { live, spec, standing, verdict }: Facts) {
  if (!live || !spec) return { next_step: null, soak_left: null, advance: null };
  const judgement = verdict ?? { verdict: 'no_data' as const, reason: 'no tick has judged this epoch yet' };
  const advance = judgeAdvance(steps.gate(standing, spec, judgement));
  return {
    next_step: advance.next?.percentage ?? null,
    soak_left: Math.ceil(advance.soakLeft),
    advance,
  };
}

function warningsOf(facts: Facts, eligible: number): string[] {
  const { participants, spec, categories, standing } = facts;
  const warnings: string[] = [];
  if (
    participants !== null &&
    mayBeExpected(facts) &&
    eligible > 0 &&
    participants / eligible < LEAST_PARTICIPATION
  ) {
    warnings.push(
      `only ${participants} of ${eligible} eligible ${eligible === 1 ? 'subject' : 'subjects'} (${percentOf(participants, eligible)}%) had a job: what is judged is what few do`,
    );
  }
  // A filter, or a strategy by size, means to be uneven.
  const chosen = standing.strategy !== 'percentage' || (spec?.categories ?? null) !== null;
  const most = mostOf(categories.map(({ category, eligible: subjects }) => ({ category, subjects })));
  if (!chosen && most !== null) warnings.push(`${most}: the others are hardly tried`);
  return warnings;
}

/** A feature that was switched on a moment ago has had no time for a job yet. */
function mayBeExpected({ participants, standing, spec, now }: Facts): boolean {
  const age = secondsBetween(standing.epoch_started_at, now);
  return (participants ?? 0) > 0 || age >= (spec?.thresholds.window ?? DAY_SECONDS);
}

function byFeature<T extends { feature: string }>(rows: readonly T[]): Map<string, T[]> {
  return byKey(rows, ({ feature }) => feature);
}

function without<T extends { feature: string }>({ feature: _feature, ...rest }: T): Omit<T, 'feature'> {
  return rest;
}

function verdictOf({ feature: _feature, guardrails: _guardrails, ...verdict }: LastVerdict) {
  return verdict;
}

function earlier(a: Date | null, b: Date): Date {
  return a !== null && a < b ? a : b;
}
