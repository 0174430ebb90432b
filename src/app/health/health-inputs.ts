import type { Spending } from '../../domain/evidence/spending.ts';
import type { Spread } from '../../domain/gate/silence.ts';
import { NOTHING_HEARD } from '../../domain/gate/silence.ts';
import { type Hearing, NOTHING_EXPECTED } from '../../domain/gate/stopped-outcomes.ts';
import type { KeptBackTest } from '../../domain/guardrails/allowance.ts';
import type { Observed } from '../../domain/guardrails/judge-guardrail.ts';
import type { MetricRead } from '../../domain/guardrails/metric-read.ts';
import type { EvidenceRow, FeatureEvidence } from '../../domain/health/health.ts';
import type { SpeedComparison } from '../../domain/health/slowdown.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { evidenceOf, noEvidence } from '../../domain/verdict/evidence.ts';
import { misrouting } from '../../domain/verdict/not-whole.ts';
import type { WrongArms } from '../../domain/verdict/reason.ts';
import { errorText } from '../../lib/error-text.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { State } from '../../store/configuration/state.ts';
import type { GuardedEpoch } from '../../store/guardrails/observed-windows.ts';
import type { PastCheck, Soak } from '../../store/health/checks.ts';
import type { StepJobs } from '../../store/health/evidence.ts';
import type { ResumedWindows } from '../../store/score/windows.ts';
import type { Reader, Store } from '../../store/store.ts';
import { readNextSpending } from '../spending/spending.ts';

/** Everything needed to judge one feature, as of one moment. */
export interface Gathered {
  state: Pick<State, 'now' | 'freezes' | 'policy'>;
  /** Rows for the plain rule (`analysis: threshold`); empty for any other analysis. Computed at each call. */
  rows: () => readonly EvidenceRow[];
  /** Evidence of the score since its checkpoint. Computed at each call. */
  score: () => FeatureEvidence;
  /** The windows of `score`; null if there are none. */
  resumed: ResumedWindows | null;
  speed: readonly SpeedComparison[];
  step: StepJobs;
  soak: Soak;
  spread: Spread;
  hearing: Hearing;
  /** Cost of the next step; null if the feature has no budget. */
  spending: Spending | null;
  /** Evidence of the guardrails, by metric; computed at each call. */
  observed: () => Observed;
  /** How far each engine metric was read, by metric. */
  reads: ReadonlyMap<string, MetricRead>;
  /** The last back-tests of guardrails whose events have no subjects, by metric. */
  backTests: ReadonlyMap<string, KeptBackTest>;
  /** The check before this one, in the same epoch. */
  before: PastCheck | null;
}

/** A feature to judge, its analysis, and the metrics of its guardrails; see `observedMetrics`. */
export type Asked = Pick<FeatureStanding, 'feature' | 'epoch' | 'epoch_started_at' | 'step_started_at'> & {
  analysis: Spec['analysis'];
  metrics: readonly Pick<GuardedEpoch, 'metric' | 'correlation'>[];
  /** Spec with the budget; left out if the next step is not needed. */
  spec?: Spec;
};

/** Reads the input of many features at once, with as many queries for a hundred features as for one. */
export async function readGathered(read: Reader, asked: readonly Asked[]): Promise<Map<string, Gathered>> {
  const state = await read.state();
  // A month of rows by quarter of an hour and category, which the score does not read.
  const rows = await read.health.evidenceOf(asked.filter(({ analysis }) => analysis === 'threshold'));
  const resumed = await read.health.resumedWindows(asked);
  const lone = await read.health.loneSubjects(asked);
  const arms = await read.health.wrongArms(asked);
  const silent = await read.health.silentHosts(asked);
  const speed = await read.health.speedOf(asked);
  const steps = await read.health.stepJobsOf(asked);
  const soaks = await read.health.soaks(asked);
  const soaking = asked.map((each) => ({
    ...each,
    step_started_at: soaks.get(each.feature)?.since ?? each.step_started_at,
  }));
  const spreads = await read.health.spreads(soaking);
  const hearings = await read.health.hearings(asked);
  const spending = await readNextSpending(
    read,
    asked.flatMap(({ spec, ...standing }) => (spec ? [{ standing, spec }] : [])),
  );
  const checks = await read.health.latestChecks(asked);
  const observed = await read.guardrails.observed(
    asked.flatMap(({ metrics, ...epoch }) => metrics.map((metric) => ({ ...epoch, ...metric }))),
  );
  const guarded = asked.filter(({ metrics }) => metrics.length > 0).map(({ feature }) => feature);
  const reads = await read.guardrails.metricReads(guarded);
  const backTests = await read.guardrails.backTests(guarded);
  return new Map(
    asked.map(({ feature, step_started_at }) => [
      feature,
      {
        state,
        rows: rows.get(feature) ?? (() => []),
        resumed: resumed.get(feature) ?? null,
        score: () => ({
          ...scoreOf(resumed.get(feature)),
          lone: lone.get(feature) ?? [],
          wrongArms: misroutingOf(arms.get(feature)),
          silentHosts: silent.get(feature) ?? null,
        }),
        speed: speed.get(feature) ?? [],
        step: steps.get(feature) ?? { jobs: 0, errors: 0 },
        soak: soaks.get(feature) ?? { since: step_started_at, pausedSeconds: 0 },
        spread: spreads.get(feature) ?? NOTHING_HEARD,
        hearing: hearings.get(feature) ?? NOTHING_EXPECTED,
        spending: spending.get(feature) ?? null,
        before: checks.get(feature) ?? null,
        observed: () => madeOf(observed.get(feature)),
        reads: reads.get(feature) ?? new Map(),
        backTests: backTests.get(feature) ?? new Map(),
      },
    ]),
  );
}

function scoreOf(resumed: ResumedWindows | undefined): FeatureEvidence {
  return resumed ? evidenceOf(resumed.windows()) : noEvidence();
}

function madeOf(observed: ReadonlyMap<string, () => FeatureEvidence> = new Map()): Observed {
  return new Map([...observed].map(([metric, make]) => [metric, make()]));
}

function misroutingOf(arms: WrongArms | undefined): WrongArms | null {
  return arms ? misrouting(arms) : null;
}

/**
 * Reads the input for a round over every feature. If the common read fails, returns nothing, and each feature is read
 * alone: one faulty feature never keeps the others from being judged.
 */
export async function gatherAll(store: Store, asked: readonly Asked[]): Promise<Map<string, Gathered>> {
  if (asked.length === 0) return new Map();
  try {
    return await store.reading((read) => readGathered(read, asked));
  } catch {
    return new Map();
  }
}

/** Why a feature could not be read, and its last check. */
export interface Unreadable {
  problem: string;
  before: PastCheck | null;
}

/** Reads the input of one feature. */
export async function gatherOne(store: Store, asked: Asked): Promise<Gathered | Unreadable> {
  const { feature } = asked;
  const before = (await store.reading((read) => read.health.latestChecks([asked]))).get(feature) ?? null;
  try {
    const found = (await store.reading((read) => readGathered(read, [asked]))).get(feature);
    return found ?? { problem: 'nothing was read', before };
  } catch (error) {
    return { problem: errorText(error), before };
  }
}
