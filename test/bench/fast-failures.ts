import Table from 'cli-table3';
import { independentJobs } from '../../src/domain/fleet/independent.ts';
import { steady } from '../../src/domain/fleet/job.ts';
import { slowSuccesses } from '../../src/domain/fleet/slow-successes.ts';
import { judge } from '../../src/domain/health/health.ts';
import { type SubjectWindow, windowsOf } from '../../src/domain/score/window.ts';
import { evidenceOf } from '../../src/domain/verdict/evidence.ts';
import type { Durations } from '../../src/domain/verdict/young.ts';
import type { Random } from '../../src/lib/random.ts';
import { wilson } from './wilson.ts';

const HOUR = 3600;
const WINDOW = 300;
const HOURS = 6;
const SPREAD = 0.3;
const FAST = 10;
const SLOW = 90 * 60;
/** Of a log-normal time, beside its median. */
const MEAN = SLOW * Math.exp((SPREAD * SPREAD) / 2);

/** How jobs are heard of, and what is known of their times when the epoch begins. */
const WAYS = {
  'routed: heard of when they begin': { routed: true, known: true },
  'reported at their end, times known of control': { routed: false, known: true },
  'reported at their end, nothing known before': { routed: false, known: false },
} as const;

interface Life {
  jobsPerHour: number;
  rate: number;
  way: keyof typeof WAYS;
}

/** Is a healthy feature rolled back in the first hours of its epoch, looked at every five minutes? */
function rolledBack({ jobsPerHour, rate, way }: Life, random: Random): boolean {
  const { routed, known } = WAYS[way];
  const until = HOURS * HOUR;
  const began = independentJobs({ jobsPerHour, until, rate: steady(rate) }, random);
  const jobs = [...slowSuccesses(began, { failure: FAST, success: SLOW, spread: SPREAD }, random)].map(
    ({ at, subject, fails, seconds = 0 }) => ({ at, subject, fails, ends: at + seconds }),
  );
  for (let now = WINDOW; now <= until; now += WINDOW) {
    const rows: SubjectWindow[] = jobs.flatMap(({ at, subject, fails, ends }) => {
      const row = { subject: String(subject), category: '', arm: 'treatment' as const };
      const of = (moment: number) => ({ ...row, startedAt: Math.floor(moment / WINDOW) * WINDOW });
      const begun = routed && at < now ? [{ ...of(at), begun: 1, finished: 0, failed: 0 }] : [];
      const end = ends < now ? [{ ...of(ends), begun: 0, finished: 1, failed: fails ? 1 : 0 }] : [];
      return [...begun, ...end];
    });
    const ended = jobs.filter(({ ends }) => ends < now);
    const windows = windowsOf(together(rows));
    const durations = known ? { timed: 1_000, meanSeconds: MEAN } : durationsOf(ended);
    const evidence = evidenceOf({ startedAt: 0, now, windows, durations, startsPerControl: null });
    if (judge(evidence, now).judgement.verdict === 'harmful') return true;
  }
  return false;
}

/** The rows of one subject in one window as one. */
function together(rows: readonly SubjectWindow[]): SubjectWindow[] {
  const found = new Map<string, SubjectWindow>();
  for (const row of rows) {
    const key = `${row.startedAt} ${row.subject}`;
    const sum = found.get(key);
    if (!sum) found.set(key, { ...row });
    else {
      sum.begun += row.begun;
      sum.finished += row.finished;
      sum.failed += row.failed;
    }
  }
  return [...found.values()];
}

/** As the store reads them: the times of all, divided among the successes. */
function durationsOf(ended: readonly { at: number; ends: number; fails: boolean }[]): Durations {
  const successes = ended.filter(({ fails }) => !fails).length;
  if (successes < 5) return { timed: 0, meanSeconds: 0 };
  const sum = ended.reduce((seconds, { at, ends }) => seconds + ends - at, 0);
  return { timed: successes, meanSeconds: sum / successes };
}

/** Failures that end in 10 s beside successes that take 90 minutes: false rollbacks in the first 6 hours of an epoch. */
export function fastFailures(lives: number, random: Random): string {
  const printed = new Table({
    head: [
      `failures end in ${FAST} s, successes in 90 min; first ${HOURS} h`,
      'jobs/h',
      'fail',
      'rolled back',
    ],
    style: { head: [], border: [] },
  });
  for (const way of Object.keys(WAYS) as (keyof typeof WAYS)[]) {
    for (const [jobsPerHour, rate] of [
      [200, 0.03],
      [2_000, 0.01],
    ] as const) {
      const of = Math.max(5, Math.ceil(jobsPerHour > 500 ? lives / 10 : lives));
      let count = 0;
      for (let life = 0; life < of; life++) if (rolledBack({ jobsPerHour, rate, way }, random)) count += 1;
      printed.push([way, jobsPerHour, `${rate * 100}%`, wilson(count, of)]);
    }
  }
  return printed.toString();
}
