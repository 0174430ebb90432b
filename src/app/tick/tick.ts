import type { Printed } from '../../domain/change/notice.ts';
import type { Checked, TickResult } from '../../domain/change/round.ts';
import { mergedReconciles } from '../../domain/plan/merged.ts';
import type { ReconcileResult } from '../../domain/plan/result.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { renewBackTests } from '../guardrails/keep-back-test.ts';
import { readMetrics } from '../guardrails/read-metrics.ts';
import type { CheckInput } from '../health/act-on-judgement.ts';
import { fileChanged, healthRound } from '../health/health-round.ts';
import { tellIncidents } from '../incidents/incident-issues.ts';
import { tellMerged } from '../incidents/merged-outcome.ts';
import type { DeploymentLog } from '../ports/deployment-log.ts';
import type { IncidentTracker } from '../ports/incident-tracker.ts';
import type { MetricEngine } from '../ports/metric-engine.ts';
import type { PullRequestComments } from '../ports/pull-requests.ts';
import type { Receivers } from '../ports/receivers.ts';
import type { PlanDependencies } from '../reconcile/plan.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import type { ReconcileInput } from '../reconcile/reconcile-input.ts';
import { nextAudiences } from '../spending/spending.ts';
import { tellCutoffs } from './cutoffs.ts';
import { tellDeployments } from './deployments.ts';
import { deliverPending } from './notify.ts';
import { tellRoutes } from './routes.ts';
import { takeSource } from './source.ts';

/**
 * Seconds of silence after which another tick may take over, so that a killed run does not block the next one. A
 * running tick renews its lease three times as often, whatever it waits for.
 */
const LEASE_SECONDS = 60;

export interface TickDependencies extends PlanDependencies {
  /** Receivers of transitions, besides standard output. */
  receivers: Receivers;
  /** Called after a tick that succeeded in everything; null or left out: no monitor expects it. */
  heartbeat?: (() => Promise<void>) | null;
  /** Creates the incidents' issues; null or left out: none. */
  tracker?: IncidentTracker | null;
  /** Creates deployments of the live state; null or left out: none. */
  deployments?: DeploymentLog | null;
  /** Comments on merged pull requests about their outcome; null or left out: none. */
  comments?: PullRequestComments | null;
  /** The engine for metrics with source prometheus; null or left out: not queried. */
  engine?: MetricEngine | null;
  print: (notice: Printed) => void;
}

export interface TickInput {
  actor: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Identifies the holder of the lease; unique to this run. */
  holder: string;
  /** Metadata of the history rows that it reconciles. */
  metadata?: ReconcileInput['metadata'];
}

/**
 * Runs the scheduled controller once: reconcile, judge, roll back, write back, advance, clean up, notify, and record a
 * heartbeat. Idempotent, and serialized by a lease; the next run catches up on a missed one.
 *
 * A file that cannot be reconciled (broken, unreachable, rewritten) is reported, and everything else continues: that is
 * when it is needed.
 */
export async function tick(deps: TickDependencies, input: TickInput): Promise<TickResult> {
  const lease = await deps.store.lease.hold(input.holder, LEASE_SECONDS);
  if (lease === null) return skipped();
  try {
    const first = await tryReconcile(deps, input);
    const problems: string[] = [];
    const warnings: string[] = [];
    const timedOut = await timeOutJobs(deps, problems);
    // Folds the counts that flushes left; a feature that the fuse rolls back here is written back in this run.
    await goOn(deps, problems, 'folding the scores', () => deps.store.health.tripFuse());
    await goOn(deps, problems, "measuring control's times", () => deps.store.guardrails.measureTimes());
    await goOn(deps, problems, 'reading metrics', async () => {
      const { store, engine, words } = deps;
      if (engine) await readMetrics({ store, engine, words });
    });
    await goOn(deps, problems, 'back-testing guardrails', async () => {
      const { store, engine } = deps;
      if (engine) await renewBackTests({ store, engine }, input.actor);
    });
    // Before the file is written back: a stop by SQL that is settled a moment later is still notified as a stop.
    await deps.store.incidents.announce();
    const round = await healthRound(deps, { ...input, dryRun: false, keep: lease.keep });
    const again = fileChanged(round) ? await tryReconcile(deps, input) : null;
    await deps.store.incidents.announce();
    await goOn(deps, problems, 'looking for missed cutoffs', () => tellCutoffs(deps));
    await goOn(deps, problems, 'keeping counts', async () => {
      await deps.store.features.keepCounts(await deps.store.reading(nextAudiences));
      await deps.store.outcomes.keepParticipation();
    });
    await goOn(deps, problems, 'tidying up', () => deps.store.maintain());
    await goOn(deps, problems, 'telling of incidents', async () => {
      for (const tell of [tellIncidents, tellDeployments, tellMerged]) {
        const told = await tell(deps);
        problems.push(...told.problems);
        warnings.push(...told.warnings);
      }
    });
    await goOn(deps, problems, 'routing notifications', () =>
      tellRoutes(deps.store, deps.receivers, deps.words),
    );
    const delivery = await deliverPending(deps.store, deps.print, deps.receivers);
    const done = {
      ...round,
      skipped: false,
      reconciled: both(first.result, again?.result ?? null),
      reconcile_error: (again ?? first).error,
      timed_out: timedOut,
      problems,
      warnings,
      delivery,
      heartbeat: await deps.store.lease.leaveHeartbeat(),
    };
    if (isGood(done)) await callHeartbeat(deps, warnings);
    // Last of all: it may take minutes, and the next tick delivers its notifications.
    let registry: TickResult['registry'] = null;
    await goOn(deps, problems, 'reading rollout_repository_source', async () => {
      registry = await takeSource(deps, input.actor);
    });
    return { ...done, registry };
  } finally {
    await lease.release().catch(() => undefined);
  }
}

/** Did the tick succeed in everything? A broken file or a feature that cannot be judged needs a person. */
function isGood(done: Pick<TickResult, 'reconcile_error' | 'reconciled' | 'problems' | 'results'>): boolean {
  const broken = done.reconciled?.problems.some(({ severity }) => severity === 'error') ?? false;
  const unjudged = done.results.some(({ judgement }) => judgement.verdict === 'error');
  return done.reconcile_error === null && done.problems.length === 0 && !broken && !unjudged;
}

/** The monitor alerts when the call stays away, so a failed call is only a warning here. */
async function callHeartbeat({ heartbeat }: TickDependencies, warnings: string[]): Promise<void> {
  try {
    await heartbeat?.();
  } catch (error) {
    warnings.push(`the heartbeat was not delivered: ${errorText(error)}`);
  }
}

/** Judges now, one feature or all, and acts as a tick would; it also reconciles its own edits of the file. */
export async function checkHealth(
  deps: PlanDependencies,
  input: CheckInput,
  feature?: string,
): Promise<Checked> {
  const round = await healthRound(deps, input, feature);
  const again = fileChanged(round) ? await tryReconcile(deps, input) : null;
  return { ...round, reconcile_error: again?.error ?? null };
}

interface Attempt {
  result: ReconcileResult | null;
  error: TickResult['reconcile_error'];
}

async function tryReconcile(
  deps: PlanDependencies,
  { actor, metadata = {} }: Pick<TickInput, 'actor' | 'metadata'>,
): Promise<Attempt> {
  try {
    const result = await reconcile(deps, { actor, allowRewind: false, revision: null, metadata });
    return { result, error: null };
  } catch (error) {
    // Without a database nothing else can continue either.
    if (error instanceof RolloutError && error.code.startsWith('database_')) throw error;
    const known = error instanceof RolloutError ? error : null;
    return {
      result: null,
      error: {
        code: known?.code ?? 'internal',
        message: errorText(error),
        hint: known?.hint ?? null,
      },
    };
  }
}

async function timeOutJobs(deps: TickDependencies, problems: string[]): Promise<number> {
  const features = await deps.store.reading((read) => read.features.actual());
  let timedOut = 0;
  for (const { feature, spec } of features.values()) {
    if (!spec) continue;
    await goOn(deps, problems, `timing out the jobs of ${feature}`, async () => {
      timedOut += await deps.store.outcomes.timeOutJobs(feature, spec.thresholds.job_timeout);
    });
  }
  return timedOut;
}

/** Runs housekeeping; its failure must not keep a tick from judging, notifying and its heartbeat. */
async function goOn(
  deps: TickDependencies,
  problems: string[],
  what: string,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    // Throws if the whole database is unreachable.
    await deps.store.reading((read) => read.state());
    problems.push(`${what} failed: ${errorText(error)}`);
  }
}

function both(first: ReconcileResult | null, again: ReconcileResult | null): ReconcileResult | null {
  return first && again ? mergedReconciles(first, again) : (again ?? first);
}

function skipped(): TickResult {
  return {
    results: [],
    written_back: [],
    quarantines: [],
    advanced: [],
    skipped: true,
    reconciled: null,
    reconcile_error: null,
    timed_out: 0,
    problems: [],
    warnings: [],
    delivery: null,
    heartbeat: null,
    registry: null,
  };
}
