import { ImpossibleAnswer } from '../../domain/guardrails/engine-counts.ts';
import { EngineRefusal } from '../../domain/guardrails/engine-refusal.ts';
import { guardrailsOf, isBlind, observedMetrics } from '../../domain/guardrails/guardrail.ts';
import { closedAt } from '../../domain/guardrails/metric-read.ts';
import { engineLives } from '../../domain/simulation/engine-lives.ts';
import {
  type GuardrailBackTest,
  type GuardrailLife,
  testGuardrail,
} from '../../domain/simulation/guardrail-test.ts';
import type { Guardrail, MetricQuery, Spec } from '../../domain/spec/spec.ts';
import { DAY_SECONDS } from '../../lib/time.ts';
import type { Reader } from '../../store/store.ts';
import type { AskedEngine, MetricEngine } from '../ports/metric-engine.ts';
import { countsOfDays } from './engine-steps.ts';

/** Days of stored events in a back-test, as for stored jobs. */
const DAYS_STORED = 30;

/** Days that an engine is queried for, enough to allow a rollback. */
export const DAYS_ASKED = 7;

type Tested = Pick<Spec, 'thresholds' | 'rollback' | 'guardrails'>;

/** Stored evidence of the guardrails of one feature. */
export interface GuardrailPast {
  now: Date;
  /** Stored evidence by metric; metrics without stored events are left out. */
  lives: ReadonlyMap<string, readonly GuardrailLife[]>;
}

/** Reads the last 30 days of events for every guardrail of a spec. */
export async function readGuardrailPast(
  read: Reader,
  feature: string,
  spec: Pick<Spec, 'guardrails'>,
): Promise<GuardrailPast> {
  const { now } = await read.state();
  const epochs = await read.guardrails.observedEpochs(feature, observedMetrics(spec), DAYS_STORED);
  const lives = new Map<string, GuardrailLife[]>();
  for (const { metric, epoch, startedAt, windows } of await read.guardrails.observedWindows(
    epochs,
    DAYS_STORED,
  )) {
    const life = { epoch, arm: 'treatment', startedAt, windows: windows() } as const;
    lives.set(metric, [...(lives.get(metric) ?? []), life]);
  }
  return { now, lives };
}

/**
 * Back-tests each guardrail of a spec: on the engine's last seven days if it has an engine that may be queried,
 * otherwise on stored events. The engine is queried only for the metrics in `about`; left out: for all.
 */
export async function testGuardrails(
  spec: Tested,
  past: GuardrailPast,
  engine: AskedEngine,
  about?: ReadonlySet<string>,
): Promise<GuardrailBackTest[]> {
  const tests: GuardrailBackTest[] = [];
  for (const [metric, guardrail] of guardrailsOf(spec)) {
    const { query } = guardrail;
    const asked = engine === 'fork' || about?.has(metric) === false ? null : engine;
    const found =
      query && asked
        ? await testOnEngine(spec, { metric, guardrail, query }, asked, past.now)
        : testOnStored(spec, { metric, guardrail }, past, engine);
    tests.push({ metric, guardrail, found });
  }
  return tests;
}

function testOnStored(
  spec: Tested,
  of: { metric: string; guardrail: Guardrail },
  { now, lives }: GuardrailPast,
  engine: AskedEngine,
): GuardrailBackTest['found'] {
  const stored = lives.get(of.metric) ?? [];
  if (!stored.some(({ windows }) => windows.some(({ finished }) => finished > 0))) {
    if (!of.guardrail.query) return { code: 'no_events' };
    if (engine === 'fork') return { code: 'fork' };
    return { code: engine === null ? 'no_engine' : 'no_events' };
  }
  const until = Math.floor(now.getTime() / 1_000);
  const from = until - DAYS_STORED * DAY_SECONDS;
  return { code: 'tested', by: 'stored', test: testGuardrail(spec, of, stored, { from, until }) };
}

/** Queries the engine for the last seven days, day by day. A missing answer is returned as a code, not thrown. */
export async function testOnEngine(
  spec: Tested,
  of: { metric: string; guardrail: Guardrail; query: MetricQuery },
  engine: MetricEngine,
  now: Date,
): Promise<GuardrailBackTest['found']> {
  const until = closedAt(now);
  const from = until - DAYS_ASKED * DAY_SECONDS;
  try {
    const counts = await countsOfDays(engine, of.query, from, until);
    if (counts.length === 0) return { code: 'no_events' };
    const test = testGuardrail(spec, of, engineLives(counts, from, null), { from, until });
    if (!isBlind(of.guardrail)) return { code: 'tested', by: 'engine', test };
    // Uses the written correlation, or otherwise the measured one, which is the one to write.
    const judgedWith = of.guardrail.correlation ?? test.correlation ?? 1;
    const lives = engineLives(counts, from, judgedWith);
    return {
      code: 'tested',
      by: 'engine',
      test: testGuardrail(spec, of, lives, { from, until, judgedWith }),
    };
  } catch (error) {
    if (!(error instanceof EngineRefusal) && !(error instanceof ImpossibleAnswer)) throw error;
    return { code: 'engine_refused', problem: error.message };
  }
}
