import { effectOf, guardrailsOf } from '../guardrails/guardrail.ts';
import { guardrailParams } from '../guardrails/judge-guardrail.ts';
import type { ScoreWindow } from '../score/window.ts';
import type { Guardrail, Spec } from '../spec/spec.ts';
import { scoresOf } from './back-test.ts';
import { type ArmStep, measuredCorrelation } from './burstiness.ts';

/** Events of one guardrail that are judged together: those of an epoch, or an engine's events of one arm. */
export interface GuardrailLife {
  /** Epoch; null: an engine knows no epochs. */
  epoch: number | null;
  /** The arm that is judged. Control does not have the feature, so any alarm there is false. */
  arm: 'treatment' | 'control';
  /** Start of the evidence, in seconds since 1970. */
  startedAt: number;
  /** Windows of events, in the order of time and then of category. */
  windows: readonly ScoreWindow[];
}

/** A moment at which a guardrail would have acted. */
export interface Acted extends Pick<GuardrailLife, 'epoch' | 'arm'> {
  /** Minutes since 1970. */
  at: number;
}

/** What a guardrail would have done in the past. */
export interface GuardrailTest {
  metric: string;
  guardrail: Guardrail;
  /** Seconds since 1970. */
  from: number;
  until: number;
  /** Moments at which it would have acted, in the order of time, at most one a day. */
  acted: Acted[];
  /** Events of the arm with more days, and the bad ones among them. */
  events: number;
  bad: number;
  /** Days from `from` to `until` with an event. */
  days: number;
  /** The longest time without an event of that arm, in seconds since 1970; null if it is at most a day. */
  gap: { from: number; until: number } | null;
  /** The correlation of two events within five minutes; null if too few are bad to measure it. */
  correlation: number | null;
  /**
   * The correlation used for events without a subject; null: five minutes counted as one span, or subjects are known.
   */
  judgedWith: number | null;
}

/** The back-test of one guardrail, or why there is none. */
export interface GuardrailBackTest extends Pick<GuardrailTest, 'metric' | 'guardrail'> {
  found:
    | { code: 'tested'; by: 'stored' | 'engine'; test: GuardrailTest }
    /** Neither the database nor an engine has events of its metric. */
    | { code: 'no_events' }
    /** Its events are in an engine whose address is not configured here. */
    | { code: 'no_engine' }
    /** A fork proposed its queries, and no engine is queried for a fork. */
    | { code: 'fork' }
    /** `problem`: a clause without credentials. */
    | { code: 'engine_refused'; problem: string };
}

const DAY_SECONDS = 86_400;

/**
 * Replays these events through the guardrail's score, every five minutes, with the share of the budget that the spec
 * gives it. After an alarm, judging starts anew a day later.
 */
export function testGuardrail(
  spec: Pick<Spec, 'thresholds' | 'rollback' | 'guardrails'>,
  { metric, guardrail }: Pick<GuardrailTest, 'metric' | 'guardrail'>,
  lives: readonly GuardrailLife[],
  { from, until, judgedWith = null }: Pick<GuardrailTest, 'from' | 'until'> & { judgedWith?: number | null },
): GuardrailTest {
  const acting = guardrailsOf(spec).filter(([name, one]) => name !== metric && effectOf(one) === 'rollback');
  const params = guardrailParams(spec, guardrail, acting.length + 1);
  const acted = lives.flatMap((life) => [...actedIn(life, params)]).sort((a, b) => a.at - b.at);
  const arms = (['treatment', 'control'] as const).map((arm) => {
    const steps = stepsOf(lives.filter((life) => life.arm === arm));
    return { steps, ...coverageOf(steps, from, until), correlation: measuredCorrelation(steps) };
  });
  const [treatment, control] = arms as [(typeof arms)[number], (typeof arms)[number]];
  const { steps, days, gap } = control.days > treatment.days ? control : treatment;
  const measured = arms.map(({ correlation }) => correlation).filter((one) => one !== null);
  return {
    ...{ metric, guardrail, from, until, acted, days, gap, judgedWith },
    events: steps.reduce((sum, one) => sum + one.events, 0),
    bad: steps.reduce((sum, one) => sum + one.bad, 0),
    correlation: measured.length === 0 ? null : Math.max(...measured),
  };
}

function* actedIn(
  { epoch, arm, startedAt, windows }: GuardrailLife,
  params: Parameters<typeof scoresOf>[1],
): Generator<Acted> {
  let rest = windows;
  let since = startedAt;
  while (rest.length > 0) {
    let found: number | null = null;
    for (const { at, verdict } of scoresOf({ windows: rest, startedAt: since }, params)) {
      if (verdict !== 'harmful') continue;
      found = at;
      break;
    }
    if (found === null) return;
    yield { epoch, arm, at: found };
    since = found * 60 + DAY_SECONDS;
    rest = rest.filter((window) => window.startedAt >= since);
  }
}

/** The treatment counts of the windows, one step each. */
function stepsOf(lives: readonly GuardrailLife[]): ArmStep[] {
  const steps = new Map<number, ArmStep>();
  for (const { windows } of lives) {
    for (const { startedAt, finished, failed } of windows) {
      if (finished === 0) continue;
      const at = startedAt + 300;
      const step = steps.get(at) ?? { at, events: 0, bad: 0 };
      steps.set(at, { at, events: step.events + finished, bad: step.bad + failed });
    }
  }
  return [...steps.values()].sort((a, b) => a.at - b.at);
}

function coverageOf(
  steps: readonly ArmStep[],
  from: number,
  until: number,
): Pick<GuardrailTest, 'days' | 'gap'> {
  const days = new Set(steps.map(({ at }) => Math.floor((at - 1 - from) / DAY_SECONDS)));
  let longest = { from, until: from };
  let last = from;
  for (const moment of [...steps.map(({ at }) => at), until]) {
    if (moment - last > longest.until - longest.from) longest = { from: last, until: moment };
    last = moment;
  }
  return { days: days.size, gap: longest.until - longest.from > DAY_SECONDS ? longest : null };
}
