import { soakOf } from '../../domain/gate/advance.ts';
import { thresholdParams } from '../../domain/health/threshold-rule.ts';
import { type Advice, type AdviceFacts, adviceOf } from '../../domain/report/advice.ts';
import { measureTraffic } from '../../domain/simulation/measured.ts';
import { soakToSeeDoubling } from '../../domain/simulation/soak.ts';
import { seededRandom } from '../../lib/random.ts';
import { DAY_MS, wholeMinuteOf } from '../../lib/time.ts';
import type { Reader } from '../../store/store.ts';
import type { Weeks } from './report-series.ts';
import type { ReadFeature } from './report-standing.ts';

interface Known extends ReadFeature {
  weeks: Weeks;
  simulate: boolean;
}

/** Minutes of measured traffic: older traffic predicts little. */
const MINUTES_MEASURED = 7 * 24 * 60;
/** Number of simulated runs: enough to tell hours from days, and quick. */
const RUNS = 60;
const SEED = 1;

/** Returns advice for a person, from everything that the report read. */
export async function adviceFor(read: Reader, known: Known): Promise<Advice[]> {
  const { standing, spec, live, health, weeks, past } = known;
  const { now } = known.state;
  const unchangedSince = past.exposure.at(-1)?.at ?? standing.step_started_at;
  const spoke = past.turns.filter(({ verdict }) => RAISED.includes(verdict));
  const quietSince = latest([unchangedSince, spoke.at(-1)?.at, past.incidents[0]?.opened_at]);
  const facts: AdviceFacts = {
    spec,
    percentage: standing.percentage,
    live,
    held: standing.incident !== null,
    unchangedDays: daysSince(unchangedSince, now),
    quietDays: daysSince(quietSince, now),
    window: { jobs: health.treatment.jobs, controlJobs: health.control.jobs },
    month: weeks.month,
    raised: spoke.filter(({ at }) => daysSince(at, now) < 28).length,
    soak: known.simulate && live ? await soakFacts(read, known) : null,
    cost: weeks.cost,
    spending: health.spending ?? null,
  };
  return adviceOf(facts);
}

const NOTHING_KEPT = { windows: [], durations: { timed: 0, meanSeconds: 0 } };

const RAISED: readonly string[] = ['warning', 'suspect', 'harmful', 'error'];

/** Simulations use one seed, so that equal traffic gives equal advice. */
async function soakFacts(read: Reader, { standing, spec, state }: Known): Promise<AdviceFacts['soak']> {
  const seconds = soakOf(spec);
  if (seconds === 0) return null;
  const rows = await read.health.evidence(standing.feature, standing.epoch);
  const until = wholeMinuteOf(state.now);
  const step = wholeMinuteOf(standing.step_started_at);
  const kept = (await read.health.windowsOf([standing])).get(standing.feature)?.() ?? NOTHING_KEPT;
  const traffic = measureTraffic(rows, Math.max(step, until - MINUTES_MEASURED), until, kept);
  if (!traffic) return null;
  const { jobsPerHour, errorRate, control, categories, bursts } = traffic;
  const needed = soakToSeeDoubling(thresholdParams(spec), jobsPerHour, errorRate, seededRandom(SEED), {
    ...(control ? { control } : {}),
    categories,
    analysis: spec.analysis,
    runs: RUNS,
    jobsTogether: bursts?.failedTogether ?? 1,
  });
  return { needed, jobsPerHour, errorRate, seconds };
}

function latest(moments: readonly (Date | undefined)[]): Date {
  return new Date(Math.max(...moments.map((at) => at?.getTime() ?? 0)));
}

function daysSince(at: Date, now: Date): number {
  return (now.getTime() - at.getTime()) / DAY_MS;
}
