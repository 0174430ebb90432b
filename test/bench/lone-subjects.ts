import Table from 'cli-table3';
import { busiest, oneBadSubject } from '../../src/domain/fleet/bad-subject.ts';
import { type Fleet, type FleetJob, steady } from '../../src/domain/fleet/job.ts';
import { drawPopulation, jobsOf } from '../../src/domain/fleet/population.ts';
import { judge } from '../../src/domain/health/health.ts';
import { type SubjectWindow, windowsOf } from '../../src/domain/score/window.ts';
import { evidenceOf } from '../../src/domain/verdict/evidence.ts';
import { isToBlame, runOfSubject, type SubjectJobs } from '../../src/domain/verdict/lone-subject.ts';
import type { Random } from '../../src/lib/random.ts';
import { healthyFleets, OF_THE_CONSTANTS } from './healthy-fleets.ts';
import { wilson } from './wilson.ts';

const HOUR = 3600;
const WINDOW = 300;
const LIMIT = 5;
/** Windows that are kept of a subject: a day. */
const KEPT = 288;

interface Named {
  at: number;
  /** Failures of the subject until then. */
  failed: number;
}

/** Who is named on these jobs, looked at after every failure. */
export function namedIn(fleet: Fleet): Map<number, Named> {
  const named = new Map<number, Named>();
  const subjects = new Map<number, { windows: (SubjectJobs & { place: number })[]; failed: number }>();
  const before: number[] = [];
  let all = 0;
  for (const { at, subject, fails } of fleet) {
    const place = Math.floor(at / WINDOW);
    while (before.length <= place) before.push(all);
    all += 1;
    const own = subjects.get(subject) ?? { windows: [], failed: 0 };
    subjects.set(subject, own);
    if (own.windows.at(-1)?.place !== place) own.windows.push({ place, jobs: 0, failed: 0 });
    while ((own.windows[0]?.place ?? place) <= place - KEPT) own.windows.shift();
    const window = own.windows.at(-1) as SubjectJobs;
    window.jobs += 1;
    if (!fails) continue;
    window.failed += 1;
    own.failed += 1;
    if (named.has(subject)) continue;
    const run = runOfSubject(own.windows, LIMIT);
    const since = before[own.windows[run.first]?.place ?? 0] ?? 0;
    if (isToBlame(run, all - since, LIMIT)) named.set(subject, { at, failed: own.failed });
  }
  return named;
}

const median = (all: number[], part = 0.5) =>
  all.sort((a, b) => a - b)[Math.floor((all.length - 1) * part)] ?? Number.NaN;

/** Is the whole feature rolled back on these jobs, looked at every five minutes with its worst subject known? */
function rolledBack(jobs: readonly FleetJob[], from: number, until: number): boolean {
  const found = new Map<string, SubjectWindow>();
  for (const { at, subject, fails } of jobs) {
    const startedAt = Math.floor(at / WINDOW) * WINDOW;
    const key = `${startedAt} ${subject}`;
    const row: SubjectWindow = found.get(key) ?? {
      ...{ startedAt, subject: String(subject), category: '', arm: 'treatment' },
      ...{ begun: 0, finished: 0, failed: 0 },
    };
    found.set(key, { ...row, finished: row.finished + 1, failed: row.failed + (fails ? 1 : 0) });
  }
  const rows = [...found.values()];
  for (let now = from + WINDOW; now <= until; now += WINDOW) {
    const seen = rows.filter(({ startedAt }) => startedAt < now);
    const known = evidenceOf({
      ...{ startedAt: 0, now, windows: windowsOf(seen) },
      ...{ durations: { timed: 1_000, meanSeconds: 0 }, startsPerControl: null },
    });
    if (judge(known, now).over.length === 0) continue;
    const windows = windowsOf(seen.filter(({ subject }) => subject === '0'));
    const worst = { subjects: 90, worst: [{ subject: '0', jobs: 0, failed: 0 }], windows };
    const { verdict } = judge({ ...known, worst: new Map([[null, worst]]) }, now).judgement;
    if (verdict === 'harmful') return true;
  }
  return false;
}

function oneBad(lives: number, random: Random): string {
  const printed = new Table({
    head: [
      'jobs/h',
      'named',
      'within 20 failures',
      'failures: median, 9 in 10',
      'minutes',
      'rolled back',
      'others named',
    ],
    style: { head: [], border: [] },
  });
  for (const jobsPerHour of [20, 200, 2_000, 20_000]) {
    const of = Math.max(5, Math.ceil(jobsPerHour > 500 ? lives / 5 : lives));
    const found: Named[] = [];
    const counts = { others: 0, rolledBack: 0 };
    for (let life = 0; life < of; life++) {
      const population = busiest(
        drawPopulation({ subjects: 90, treated: 90, activitySpread: 1 }, random),
        1 / 3,
      );
      const from = (jobsPerHour > 500 ? 1 : 6) * HOUR;
      const until = from + (jobsPerHour < 100 ? 12 : jobsPerHour > 500 ? 0.5 : 3) * HOUR;
      const rate = oneBadSubject(steady(0.01), from);
      const jobs = [...jobsOf(population, { jobsPerHour, until, rate }, random)];
      const named = namedIn(jobs);
      const bad = named.get(0);
      if (bad) found.push({ ...bad, at: (bad.at - from) / 60 });
      if (named.size > (bad ? 1 : 0)) counts.others += 1;
      const isTried = jobsPerHour < 500 && life < of / 4;
      if (isTried && rolledBack(jobs, from, until)) counts.rolledBack += 1;
    }
    const failures = found.map(({ failed }) => failed);
    printed.push([
      jobsPerHour,
      wilson(found.length, of),
      wilson(failures.filter((failed) => failed <= 20).length, of),
      `${median(failures)}, ${median(failures, 0.9)}`,
      median(found.map(({ at }) => at)).toFixed(1),
      jobsPerHour < 500 ? wilson(counts.rolledBack, Math.ceil(of / 4)) : '-',
      wilson(counts.others, of),
    ]);
  }
  return printed.toString();
}

/** One of 90 subjects that fails always with a third of the jobs; and healthy fleets, in which nobody is to be named. */
export function namings(lives: number, random: Random): string {
  return `${oneBad(lives, random)}\n${healthyFleets(OF_THE_CONSTANTS, lives, random)}`;
}
