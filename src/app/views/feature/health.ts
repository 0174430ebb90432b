import { byKey } from '../../../domain/evidence/rates.ts';
import type { Spending } from '../../../domain/evidence/spending.ts';
import type { Advance } from '../../../domain/gate/advance.ts';
import { waitsForNobodyElse } from '../../../domain/gate/wait.ts';
import type { ActualFeature } from '../../../domain/plan/actual.ts';
import { type FeatureState, stateOf } from '../../../domain/report/feature-state.ts';
import { type ReportHealth, unresolved } from '../../../domain/report/report.ts';
import { rolledBackBy } from '../../../domain/report/rolled-back.ts';
import { admitsNobody } from '../../../domain/spec/at-most.ts';
import { freezeAt } from '../../../domain/spec/freeze.ts';
import { DAY_SECONDS } from '../../../lib/time.ts';
import type { FeatureStanding } from '../../../store/configuration/feature-rows.ts';
import type { State } from '../../../store/configuration/state.ts';
import type { LastVerdict } from '../../../store/health/rates.ts';
import type { Reader } from '../../../store/store.ts';
import type { CategoryCount, FeatureFacts } from './facts.ts';
import { ratesBefore, subjectsKept, summaryOf } from './rates.ts';
import { nextOf, stepReader } from './steps.ts';

/** Health and next step of a feature, for the status, the statistics and the page. */
export interface FeatureHealth extends ReportHealth {
  /** State as a word of the page. */
  state: FeatureState;
  /** Percentage of the next step. */
  next_step: number | null;
  /** Seconds of the soak that are left. */
  soak_left: number | null;
  /** The gate to the next step; null for a feature that is off or was never reconciled. */
  advance: Advance | null;
}

const ERROR_TEXTS = 5;

/**
 * Reads the input for these features at once, with as many queries for a hundred as for one; the returned function
 * reports each.
 */
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
  const specs = new Map(
    [...rows.values()].flatMap(({ feature: name, spec, columns }) =>
      spec ? [[name, { ...spec, ...columns }] as const] : [],
    ),
  );
  const steps = await stepReader(
    read,
    state,
    standings.filter((standing) => isLive(rows.get(standing.feature))),
    specs,
  );
  return (standing: FeatureStanding, categories: readonly CategoryCount[]): FeatureHealth => {
    const name = standing.feature;
    const row = rows.get(name);
    const live = isLive(row);
    const spec = specs.get(name) ?? null;
    const verdict = verdicts.get(name) ?? null;
    const facts: FeatureFacts = {
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
      ...spendingTold(steps.spending(standing)),
      verdict: verdict && verdictOf(verdict),
      guardrails: verdict?.guardrails ?? [],
      open_jobs: jobs.reduce((sum, one) => sum + one.open, 0),
      oldest_open: jobs.reduce<Date | null>((oldest, one) => earlier(oldest, one.oldest), null),
      error_texts: (errors.get(name) ?? []).map(without),
      open_by_processor: jobs.map(without),
    };
  };
}

function wordOf(
  { standing, live, spec, verdict }: FeatureFacts,
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

/** Returns the cost for a status; empty without a budget. */
function spendingTold(spending: Spending | null): Pick<FeatureHealth, 'spending'> {
  return spending ? { spending } : {};
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
