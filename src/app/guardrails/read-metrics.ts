import { createHash } from 'node:crypto';
import { ImpossibleAnswer, type StepCount } from '../../domain/guardrails/engine-counts.ts';
import { EngineRefusal } from '../../domain/guardrails/engine-refusal.ts';
import { guardrailsOf } from '../../domain/guardrails/guardrail.ts';
import {
  closedAt,
  type MetricRead,
  pausedBy,
  readFrom,
  STEP_SECONDS,
} from '../../domain/guardrails/metric-read.ts';
import type { MetricQuery } from '../../domain/spec/spec.ts';
import { numberedId } from '../../lib/portable/numbered-ids.ts';
import type { Observation } from '../../store/guardrails/observation.ts';
import type { Store } from '../../store/store.ts';
import { type LiveFeature, liveFeatures } from '../health/check-health.ts';
import type { MetricEngine } from '../ports/metric-engine.ts';
import type { Words } from '../ports/words.ts';
import { countsOf } from './engine-steps.ts';
import { untilRefused } from './until-refused.ts';

/** Limit of steps that one read catches up on; older events are no longer useful. */
const MOST_STEPS = 72;

interface Dependencies {
  store: Store;
  engine: MetricEngine;
  words: Pick<Words, 'notice'>;
}

/** A metric of a live feature whose events are in an engine. */
interface Asked {
  live: LiveFeature;
  metric: string;
  query: MetricQuery;
  read: MetricRead | undefined;
}

/**
 * Reads the closed steps of every engine metric, once each, into the tables by which guardrails are judged. If an
 * engine does not answer, the metric is marked and everything else is judged; its steps are read later. A pause that an
 * engine asked for holds for all its metrics, including those not queried yet. Steps too old to be caught up on are
 * notified once the engine answers again.
 */
export async function readMetrics({ store, engine, words }: Dependencies): Promise<void> {
  const { now, asked } = await store.reading(async (read) => {
    const live = await liveFeatures(read);
    const reads = await read.guardrails.metricReads(live.map(({ standing }) => standing.feature));
    return { now: (await read.state()).now, asked: live.flatMap((one) => metricsOf(one, reads)) };
  });
  const asking = untilRefused(engine);
  const paused = pausedBy(
    asked.map(({ read }) => read),
    now,
  );
  for (const one of asked) {
    const due = readFrom(one.read, one.live.standing.epoch_started_at);
    const from = Math.max(due, closedAt(now) - MOST_STEPS * STEP_SECONDS);
    const until = closedAt(now);
    if (until <= from) continue;
    if (paused) {
      const { problem, retryAt } = paused;
      await note(store, one, { readUntil: null, problem, retryAt });
      continue;
    }
    try {
      await recordSteps(store, one, await countsOf(asking, one.query, from, until));
      await note(store, one, { readUntil: new Date(until * 1_000), problem: null, retryAt: null });
      if (from > due) await tellLost({ store, words }, one, due, from);
    } catch (error) {
      if (!(error instanceof EngineRefusal) && !(error instanceof ImpossibleAnswer)) throw error;
      const pause = error instanceof EngineRefusal ? error.retryAfterSeconds : 0;
      const retryAt = pause > 0 ? new Date(now.getTime() + pause * 1_000) : null;
      await note(store, one, { readUntil: null, problem: error.message, retryAt });
    }
  }
}

function metricsOf(live: LiveFeature, reads: ReadonlyMap<string, ReadonlyMap<string, MetricRead>>): Asked[] {
  const ofFeature = reads.get(live.standing.feature);
  return guardrailsOf(live.spec).flatMap(([metric, { query }]) =>
    query ? [{ live, metric, query, read: ofFeature?.get(metric) }] : [],
  );
}

/** Each step is its own batch, identified by its end: read again after a lost answer, it counts once. */
async function recordSteps(
  store: Store,
  { live, metric }: Asked,
  counts: readonly StepCount[],
): Promise<void> {
  const { feature, epoch } = live.standing;
  const steps = new Map<number, StepCount[]>();
  for (const one of counts) steps.set(one.at, [...(steps.get(one.at) ?? []), one]);
  for (const [at, step] of [...steps].sort(([a], [b]) => a - b)) {
    const events = step.map(({ subject, arm, events, bad }): Observation => {
      // A moment inside the window of the step.
      const began = (at - STEP_SECONDS / 2) * 1_000;
      return { feature, metric, subject, arm, epoch, category: null, at: began, events, bad, id: null };
    });
    const options = { skipInvalid: true, anySubject: true, source: 'prometheus' } as const;
    await store.guardrails.recordEvents(batchOf(feature, metric, epoch, at), events, options);
  }
}

/** Notifies that this metric was never read between two moments, in seconds since 1970. */
async function tellLost(
  { store, words }: Pick<Dependencies, 'store' | 'words'>,
  { live, metric }: Asked,
  due: number,
  until: number,
): Promise<void> {
  const { feature, epoch } = live.standing;
  const lost = { metric, from: new Date(due * 1_000), until: new Date(until * 1_000) };
  const notice = { kind: 'steps_lost', feature, ...lost } as const;
  await store.outbox.enqueue({
    key: `steps_lost:${feature}:${epoch}:${metric}:${due}`,
    feature,
    severity: 'warning',
    kind: notice.kind,
    message: words.notice(notice),
    details: lost,
  });
}

/** Returns the same id for the same step, whoever reads it: the metric is the sender, and numbers its steps. */
function batchOf(feature: string, metric: string, epoch: number, at: number): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([feature, metric, epoch]))
    .digest('hex');
  const sender = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    digest.slice(12, 16),
    digest.slice(16, 20),
    '',
  ].join('-');
  return numberedId(sender, Math.floor(at / STEP_SECONDS));
}

function note(store: Store, { live, metric }: Asked, read: Omit<MetricRead, 'failingSince'>): Promise<void> {
  return store.guardrails.noteMetricRead({ feature: live.standing.feature, metric, ...read });
}
