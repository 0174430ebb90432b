import { type Advance, nextStep } from '../../domain/gate/advance.ts';
import { observedMetrics } from '../../domain/guardrails/guardrail.ts';
import { withGuardrails } from '../../domain/guardrails/with-guardrails.ts';
import type { Judgement } from '../../domain/health/health.ts';
import { thresholdParams } from '../../domain/health/threshold-rule.ts';
import { audienceChange, type PlannedChange, type TestsChange } from '../../domain/plan/impact.ts';
import { type SoakNeeded, soakToSeeDoubling } from '../../domain/simulation/soak.ts';
import type { Spec, Step } from '../../domain/spec/spec.ts';
import { seededRandom } from '../../lib/random.ts';
import type { JobsMoved } from '../../store/configuration/jobs-moved.ts';
import type { Store } from '../../store/store.ts';
import { type PlannedGuardrail, planGuardrailsOf } from '../guardrails/plan-guardrails.ts';
import { checkFeature } from '../health/check-health.ts';
import { gatherOne } from '../health/health-inputs.ts';
import { judgeAll } from '../health/judge-guardrails.ts';
import { type LiveFeature, liveFeatures } from '../health/live-features.ts';
import type { AskedEngine } from '../ports/metric-engine.ts';
import type { Words } from '../ports/words.ts';
import { type FileText, loadFile } from '../reconcile/file/desired.ts';
import { testsChange } from '../reconcile/file/file-difference.ts';
import { backTestFeature, type FeatureBackTest, type Past, readPast } from './back-test.ts';

/** Limit of changed features with details: nobody reads more, and a reviewer would wait for them. */
const MOST_LOOKED_AT = 20;
const SEED = 1;

/** Facts for the reviewer of one change, beyond the subjects that move. */
export interface Outlook {
  feature: string;
  spec: Spec;
  /** Finished jobs of the last week, and those of moving subjects. */
  jobs: JobsMoved;
  /** The present health and what the next step waits for; null if nobody is exposed yet. */
  health: { verdict: string; reason: string; gate: Advance } | null;
  /** The step after this change; null at the end of the plan and without a plan. */
  next: Step | null;
  /** Soak needed after this change; null without a finished job in the last 30 days. */
  soak: { errorRate: number; needed: SoakNeeded } | null;
  backTest: FeatureBackTest;
  /** Back-tests of its guardrails. */
  guardrails: PlannedGuardrail[];
  /** Why the proposed thresholds would roll back the feature at the next tick; null: they would not. */
  wouldRollBack: string | null;
}

interface OutlookDependencies {
  store: Store;
  words: Words;
  engine: AskedEngine;
}

/** Previews the changes of a plan, up to a limit. Reads only. */
export async function outlooks(
  deps: OutlookDependencies,
  text: FileText,
  changes: readonly PlannedChange[],
): Promise<Outlook[]> {
  const loaded = loadFile(text);
  if (!loaded.ok) return [];
  const live = new Map(
    (await deps.store.reading((read) => liveFeatures(read))).map((one) => [one.standing.feature, one]),
  );
  const { file } = loaded;
  const { test_repositories } = await deps.store.reading((read) => read.state());
  const tests = testsChange(file, test_repositories);
  const found: Outlook[] = [];
  for (const change of changes) {
    const spec = file.config.features.get(change.feature);
    if (!spec || !change.write || found.length === MOST_LOOKED_AT) continue;
    found.push(await outlook(deps, change, tests, spec, live.get(change.feature) ?? null));
  }
  return found;
}

async function outlook(
  { store, words, engine }: OutlookDependencies,
  change: PlannedChange,
  tests: TestsChange | null,
  spec: Spec,
  live: LiveFeature | null,
): Promise<Outlook> {
  const { feature } = change;
  const { jobs, past } = await store.reading(async (read) => ({
    jobs: await read.features.jobsMoved(
      feature,
      audienceChange(change, tests, (await read.incidents.quarantinedIds()).get(feature) ?? []),
    ),
    past: await readPast(read, feature),
  }));
  // Without overrides: this machine's environment may differ from the tick's.
  const result =
    live && (await checkFeature({ store, words }, live, { actor: '', environment: {}, dryRun: true }));
  return {
    feature,
    spec,
    jobs,
    health: result && healthOf(result.judgement, result.advance),
    next: spec.active && !spec.emergency_stop ? nextStep(spec) : null,
    soak: soakOf(spec, past),
    backTest: backTestFeature(past, spec),
    guardrails: await planGuardrailsOf({ store, engine }, feature, spec),
    wouldRollBack: result && (await wouldRollBack(store, spec, live.standing, result.judgement)),
  };
}

function healthOf({ verdict, reason }: Judgement, gate: Advance): Outlook['health'] {
  return { verdict, reason, gate };
}

function soakOf(spec: Spec, { traffic }: Past): Outlook['soak'] {
  if (!traffic) return null;
  const { jobsPerHour, errorRate, control, categories, bursts } = traffic;
  const options = {
    analysis: spec.analysis,
    categories,
    ...(control ? { control } : {}),
    jobsTogether: bursts?.failedTogether ?? 1,
  };
  const random = seededRandom(SEED);
  return {
    errorRate,
    needed: soakToSeeDoubling(thresholdParams(spec), jobsPerHour, errorRate, random, options),
  };
}

/** Judges the present epoch by changed thresholds, so that a rollback is announced before the merge. */
async function wouldRollBack(
  store: Store,
  spec: Spec,
  standing: LiveFeature['standing'],
  present: Judgement,
): Promise<string | null> {
  if (present.verdict === 'harmful' || !spec.rollback.enabled) return null;
  const { analysis } = spec;
  const facts = await gatherOne(store, { ...standing, analysis, metrics: observedMetrics(spec) });
  if ('problem' in facts) return null;
  const { jobs, guardrails } = await judgeAll(store, standing, spec, facts);
  const proposed = withGuardrails(jobs, guardrails);
  return proposed.verdict === 'harmful' ? proposed.reason : null;
}
