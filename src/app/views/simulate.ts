import { type ThresholdParams, thresholdParams } from '../../domain/health/threshold-rule.ts';
import type { GuardrailBackTest } from '../../domain/simulation/guardrail-test.ts';
import type { MeasuredTraffic } from '../../domain/simulation/measured.ts';
import type { Analysis } from '../../domain/simulation/monitor.ts';
import {
  ANALYSES,
  type Characteristics,
  operatingCharacteristics,
} from '../../domain/simulation/operating.ts';
import { type SoakNeeded, soakToSeeDoubling } from '../../domain/simulation/soak.ts';
import type { NormalTraffic } from '../../domain/simulation/traffic.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import { seededRandom } from '../../lib/random.ts';
import type { Store } from '../../store/store.ts';
import { type GuardrailPast, readGuardrailPast, testGuardrails } from '../guardrails/back-test.ts';
import type { MetricEngine } from '../ports/metric-engine.ts';
import { type FileText, loadFile, refuseOtherEnvironment } from '../reconcile/file/desired.ts';
import { unknownInFile } from '../registry/known-feature.ts';
import { backTestFeature, type FeatureBackTest, type Past, readPast } from './back-test.ts';

/** Default number of runs, shared out over categories, which are judged one by one. */
const USUAL_RUNS = 400;
const FEWEST_RUNS = 100;
const MOST_SOAK_RUNS = 200;

export interface SimulateInput {
  /** Only this feature of the file; left out: every one. */
  feature?: string | undefined;
  /** Given traffic, rates in percent. Null: measured in the database. */
  given: { jobsPerHour: number; errorRate: number; controlJobsPerHour: number } | null;
  /** Jobs of one subject within five minutes that fail together; null: measured, or 1 if that is impossible. */
  jobsTogether: number | null;
  runs: number | null;
  seed: number;
  /** The engine for guardrails' events; null: not configured here. */
  engine: MetricEngine | null;
  onProgress: (feature: string, done: number, runs: number) => void;
}

/** The evidence from which the traffic was measured. */
type Measured = Pick<MeasuredTraffic, 'counts' | 'since' | 'until' | 'clumping' | 'bursts' | 'meanSeconds'>;

/** The simulated traffic and its source. */
export interface SimulatedTraffic extends NormalTraffic {
  jobsTogether: number;
  /** The measured counts; null if the traffic was given. */
  measured: Measured | null;
}

export interface RuleSimulation extends Characteristics {
  soak: SoakNeeded;
}

/** What the thresholds of one feature detect and miss in simulations, and their result on the past. */
export interface FeatureSimulation {
  feature: string;
  spec: Spec;
  /** Simulated traffic; null if the database has no finished job of the feature. */
  traffic: SimulatedTraffic | null;
  runs: number;
  rules: Record<Analysis, RuleSimulation> | null;
  /** Back-test of the thresholds; null without a database. */
  backTest: FeatureBackTest | null;
  /** Back-tests of its guardrails; empty without a database. */
  guardrails: GuardrailBackTest[];
}

export interface SimulationReport {
  file: string;
  seed: number;
  problems: Problem[];
  features: FeatureSimulation[];
}

/**
 * Simulates the thresholds of a file and tests them on stored evidence. Traffic is read from the store only if it is
 * not given; the same seed gives the same answer. Throws `file_invalid`, `unknown_feature` and `usage`.
 */
export async function simulateFile(
  store: Store | null,
  text: FileText,
  input: SimulateInput,
): Promise<SimulationReport> {
  const loaded = loadFile(text);
  if (!loaded.ok) return { file: text.path, seed: input.seed, problems: loaded.problems, features: [] };
  const { config, problems, broken } = loaded.file;
  const specs = chosen(text.path, config.features, broken, input.feature);
  const pasts = new Map<string, Past>();
  const observed = new Map<string, GuardrailPast>();
  if (store && !input.given) {
    await store.reading(async (read) => {
      refuseOtherEnvironment(config, (await read.state()).environment);
      for (const [feature, spec] of specs) {
        pasts.set(feature, await readPast(read, feature));
        if (spec.guardrails) observed.set(feature, await readGuardrailPast(read, feature, spec));
      }
    });
  }
  refuseNothingToGoBy(specs, pasts, input);
  const known = new Map<string, FeatureSimulation['rules']>();
  const features: FeatureSimulation[] = [];
  for (const [feature, spec] of specs) {
    const past = pasts.get(feature) ?? null;
    const traffic = trafficOf(past?.traffic ?? null, input);
    const runs = input.runs ?? usualRuns(traffic);
    const params = thresholdParams(spec);
    // Features that are equal in everything relevant are simulated once.
    const key = JSON.stringify([params, { ...traffic, measured: null }, runs]);
    const onRun = (done: number) => input.onProgress(feature, done, runs);
    const rules = traffic && (known.get(key) ?? simulateRules(params, traffic, runs, input.seed, onRun));
    known.set(key, rules);
    const kept = observed.get(feature);
    const guardrails = kept ? await testGuardrails(spec, kept, input.engine) : [];
    const backTest = past && backTestFeature(past, spec);
    features.push({ feature, spec, traffic, runs, rules, backTest, guardrails });
  }
  return { file: text.path, seed: input.seed, problems, features };
}

/** Simulates what both rules detect and miss in this traffic, and how long a step must soak. */
function simulateRules(
  params: ThresholdParams,
  traffic: SimulatedTraffic,
  runs: number,
  seed: number,
  onRun: (done: number) => void,
): Record<Analysis, RuleSimulation> {
  const seen = operatingCharacteristics({ params, traffic, runs, random: seededRandom(seed), onRun });
  const { jobsPerHour, errorRate, measured: _, ...rest } = traffic;
  const [sequential, threshold] = ANALYSES.map((analysis) => {
    const options = { ...rest, analysis, runs: Math.min(runs, MOST_SOAK_RUNS) };
    return soakToSeeDoubling(params, jobsPerHour, errorRate, seededRandom(seed), options);
  }) as [SoakNeeded, SoakNeeded];
  return {
    sequential: { ...seen.sequential, soak: sequential },
    threshold: { ...seen.threshold, soak: threshold },
  };
}

function trafficOf(
  measured: MeasuredTraffic | null,
  { given, jobsTogether }: SimulateInput,
): SimulatedTraffic | null {
  const together = { jobsTogether: jobsTogether ?? (given ? 1 : (measured?.bursts?.failedTogether ?? 1)) };
  if (given) {
    const { jobsPerHour, errorRate, controlJobsPerHour } = given;
    const control = controlJobsPerHour > 0 ? { control: { jobsPerHour: controlJobsPerHour, errorRate } } : {};
    return { jobsPerHour, errorRate, ...control, ...together, measured: null };
  }
  if (!measured) return null;
  const { jobsPerHour, errorRate, control, categories, ...counted } = measured;
  return {
    jobsPerHour,
    errorRate,
    ...(control ? { control } : {}),
    categories,
    ...together,
    measured: counted,
  };
}

function usualRuns(traffic: SimulatedTraffic | null): number {
  const categories = traffic?.categories?.length ?? 1;
  return Math.max(FEWEST_RUNS, Math.round(USUAL_RUNS / Math.max(1, categories)));
}

function chosen(
  path: string,
  features: ReadonlyMap<string, Spec>,
  broken: ReadonlyMap<string, readonly Problem[]>,
  feature: string | undefined,
): ReadonlyMap<string, Spec> {
  if (feature === undefined) return features;
  if (broken.has(feature)) {
    throw new RolloutError('file_invalid', `${feature} has errors in ${path}`, {
      hint: `see them with: rollout validate --file ${path}`,
    });
  }
  const spec = features.get(feature);
  if (spec) return new Map([[feature, spec]]);
  throw unknownInFile(path, feature, features);
}

const GIVE_NUMBERS = 'give the traffic: --jobs-per-hour 20 --error-rate 1';

function refuseNothingToGoBy(
  specs: ReadonlyMap<string, Spec>,
  pasts: ReadonlyMap<string, Past>,
  { given, feature }: SimulateInput,
): void {
  if (given || specs.size === 0) return;
  if (pasts.size === 0)
    throw new RolloutError('usage', 'there is no database to measure the traffic in', { hint: GIVE_NUMBERS });
  if ([...pasts.values()].some(({ traffic }) => traffic !== null)) return;
  const whose = feature ?? 'any feature of the file';
  throw new RolloutError('usage', `no finished treatment job of ${whose} is stored of the last 30 days`, {
    hint: GIVE_NUMBERS,
  });
}
