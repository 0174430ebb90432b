import { ImpossibleAnswer, type StepCount } from '../../domain/guardrails/engine-counts.ts';
import { EngineRefusal } from '../../domain/guardrails/engine-refusal.ts';
import { guardrailsOf } from '../../domain/guardrails/guardrail.ts';
import {
  closedAt,
  type MetricRead,
  pausedBy,
  readAgainFrom,
  readFrom,
  STEP_SECONDS,
} from '../../domain/guardrails/metric-read.ts';
import type { MetricQuery } from '../../domain/spec/spec.ts';
import type { Store } from '../../store/store.ts';
import { type LiveFeature, liveFeatures } from '../health/live-features.ts';
import type { MetricEngine } from '../ports/metric-engine.ts';
import type { Words } from '../ports/words.ts';
import { countsOf } from './engine-steps.ts';
import { untilRefused } from './until-refused.ts';

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
 * Reads the closed steps of every engine metric into the tables by which guardrails are judged, the steps of the last hour
 * again: late samples are counted, and no event counts twice. If an engine does not answer, the metric is marked and
 * everything else is judged; its steps are read later. A pause that an engine asked for holds for all its metrics, including
 * those not queried yet. Steps too old to be caught up on are notified once the engine answers again; steps that are not
 * plausible are notified once a newer step is.
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
  const until = closedAt(now);
  for (const one of asked) {
    const due = readFrom(one.read, one.live.standing.epoch_started_at);
    if (until <= due) continue;
    if (paused) {
      const { problem, retryAt } = paused;
      await note(store, one, { readUntil: null, problem, retryAt });
      continue;
    }
    try {
      await readSteps({ store, engine: asking, words }, one, due, until);
    } catch (error) {
      if (!(error instanceof EngineRefusal) && !(error instanceof ImpossibleAnswer)) throw error;
      const pause = error instanceof EngineRefusal ? error.retryAfterSeconds : 0;
      const retryAt = pause > 0 ? new Date(now.getTime() + pause * 1_000) : null;
      await note(store, one, { readUntil: null, problem: error.message, retryAt });
    }
  }
}

/** Reads the steps of one metric until a moment; those from `due` on are read for the first time. */
async function readSteps(
  { store, engine, words }: Dependencies,
  one: Asked,
  due: number,
  until: number,
): Promise<void> {
  const from = readAgainFrom(one.read, one.live.standing.epoch_started_at, until);
  const { counts, impossible } = await countsOf(engine, one.query, from, until);
  await recordSteps(store, one, counts, from);
  // End of the newest plausible step. Later steps count as not read, which holds the ramp.
  let read = until;
  while (impossible.has(read)) read -= STEP_SECONDS;
  const problem = impossible.get(until) ?? null;
  const readUntil = read > due ? new Date(read * 1_000) : null;
  await note(store, one, { readUntil, problem, retryAt: null });
  if (from > due) await tellLost({ store, words }, one, { from: due, until: from, problem: null });
  for (const [at, why] of impossible) {
    if (at < read)
      await tellLost({ store, words }, one, { from: at - STEP_SECONDS, until: at, problem: why });
  }
}

function metricsOf(live: LiveFeature, reads: ReadonlyMap<string, ReadonlyMap<string, MetricRead>>): Asked[] {
  const ofFeature = reads.get(live.standing.feature);
  return guardrailsOf(live.spec).flatMap(([metric, { query }]) =>
    query ? [{ live, metric, query, read: ofFeature?.get(metric) }] : [],
  );
}

/** Records, in order, the steps for which the engine has more events of an arm than are recorded. */
async function recordSteps(
  store: Store,
  { live, metric }: Asked,
  counts: readonly StepCount[],
  from: number,
): Promise<void> {
  const { feature, epoch } = live.standing;
  const known = await store.reading((read) => read.guardrails.stepSums({ feature, metric, epoch, from }));
  const steps = new Map<number, StepCount[]>();
  for (const one of counts) steps.set(one.at, [...(steps.get(one.at) ?? []), one]);
  for (const [at, step] of [...steps].sort(([a], [b]) => a - b)) {
    const isMore = (['treatment', 'control'] as const).some((arm) => {
      const has = known.get(`${at} ${arm}`);
      const of = step.filter((one) => one.arm === arm);
      const sum = (key: 'events' | 'bad') => of.reduce((all, one) => all + one[key], 0);
      return sum('events') > (has?.events ?? 0) || sum('bad') > (has?.bad ?? 0);
    });
    if (isMore) await store.guardrails.recordStep({ feature, metric, epoch, at, counts: step });
  }
}

/** Notifies once of steps that were never counted, with the reason. */
async function tellLost(
  { store, words }: Pick<Dependencies, 'store' | 'words'>,
  { live, metric }: Asked,
  lost: { from: number; until: number; problem: string | null },
): Promise<void> {
  const { feature, epoch } = live.standing;
  const { problem } = lost;
  const [from, until] = [new Date(lost.from * 1_000), new Date(lost.until * 1_000)];
  const notice = { kind: 'steps_lost', feature, metric, from, until, problem } as const;
  await store.outbox.enqueue({
    // Among implausible steps, only the first of an epoch is notified.
    key: `steps_lost:${feature}:${epoch}:${metric}:${problem === null ? lost.from : 'impossible'}`,
    feature,
    severity: 'warning',
    kind: notice.kind,
    message: words.notice(notice),
    details: { metric, from, until, problem },
  });
}

function note(
  store: Store,
  { live, metric }: Asked,
  read: Omit<MetricRead, 'failingSince' | 'eventsUntil'>,
): Promise<void> {
  return store.guardrails.noteMetricRead({ feature: live.standing.feature, metric, ...read });
}
