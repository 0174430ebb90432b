import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { bursts } from '../../src/domain/fleet/bursts.ts';
import { independentJobs } from '../../src/domain/fleet/independent.ts';
import { breaking, type FailureRate, type Fleet, steady } from '../../src/domain/fleet/job.ts';
import { outage } from '../../src/domain/fleet/outage.ts';
import { drawPopulation, jobsOf, ratesOfSubjects } from '../../src/domain/fleet/population.ts';
import { type SubjectWindow, windowsOf } from '../../src/domain/score/window.ts';
import { scoreMonitor } from '../../src/domain/simulation/monitor.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { fastFailures } from './fast-failures.ts';
import { firstStageActs, newFirstStage } from './first-stage.ts';
import { healthyFleets, OTHERS } from './healthy-fleets.ts';
import { namings } from './lone-subjects.ts';
import { wilson } from './wilson.ts';

/**
 * What the tick sees and misses at a limit of 5%: windows of five minutes of each subject, looked at after each. Beside
 * it the score of the first stage on the same jobs. What the detector itself sees, looked at after every failure, is
 * in score.ts.
 *
 *   LIVES=40 npx tsx test/bench/operating-characteristics.ts [--seed 1] [--only NAME]
 *
 * NAME: fast-failures, shared-outages, one-bad or healthy-fleets. Shares are printed with their 95% interval (Wilson 1927).
 */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, only: { type: 'string' } },
});
const lives = Number(process.env.LIVES ?? 40);
const random = seededRandom(Number(values.seed));
const HOUR = 3600;
const WINDOW = 300;

/** The jobs of a fleet as windows of each subject keep them. */
function subjectWindows(fleet: Fleet): SubjectWindow[] {
  const found = new Map<string, SubjectWindow>();
  for (const { at, subject, arm, fails } of fleet) {
    const startedAt = Math.floor(at / WINDOW) * WINDOW;
    const key = `${startedAt} ${subject} ${arm}`;
    const row = found.get(key) ?? {
      ...{ startedAt, subject: String(subject), category: '', arm, begun: 0, finished: 0, failed: 0 },
    };
    found.set(key, row);
    row.finished += 1;
    if (fails) row.failed += 1;
  }
  return [...found.values()];
}

interface Found {
  at: number | null;
  failed: number;
}

/** When both scores act on these jobs, and the jobs that failed from `from` until then. */
function crossings(
  rows: readonly SubjectWindow[],
  until: number,
  from: number,
): Record<'now' | 'before', Found> {
  const windows = new Map(windowsOf(rows).map((window) => [window.startedAt, window]));
  const monitor = scoreMonitor();
  const first = newFirstStage();
  const found = { now: { at: null, failed: 0 }, before: { at: null, failed: 0 } } as Record<
    'now' | 'before',
    Found
  >;
  let quarter = { jobs: 0, failed: 0 };
  for (let at = 0; at < until && (found.now.at === null || found.before.at === null); at += WINDOW) {
    const window = windows.get(at);
    const end = at + WINDOW;
    quarter = {
      jobs: quarter.jobs + (window?.jobs ?? 0),
      failed: quarter.failed + (window?.failed ?? 0),
    };
    for (const one of Object.values(found)) {
      if (one.at === null && at >= from) one.failed += window?.failed ?? 0;
    }
    if (
      found.now.at === null &&
      monitor({ minute: at / 60, windows: window ? [window] : [] }) === 'harmful'
    ) {
      found.now.at = end;
    }
    if (end % 900 !== 0) continue;
    if (found.before.at === null && firstStageActs(first, quarter.jobs, quarter.failed))
      found.before.at = end;
    quarter = { jobs: 0, failed: 0 };
  }
  return found;
}

const KINDS = {
  independent: (jobsPerHour: number, until: number, rate: FailureRate) =>
    independentJobs({ jobsPerHour, until, rate }, random),
  'bursts of 20, correlation 0.1': burstsOf(0.1),
  'bursts of 20, correlation 0.3': burstsOf(0.3),
};

function burstsOf(correlation: number) {
  return (jobsPerHour: number, until: number, rate: FailureRate) =>
    bursts({ jobsPerHour, size: 20, correlation, until, rate }, random);
}

const livesAt = (jobsPerHour: number) => Math.max(5, Math.ceil(jobsPerHour > 500 ? lives / 5 : lives));
const seconds = (begin: number) => ((performance.now() - begin) / 1000).toFixed(1);
const table = (...head: string[]) => new Table({ head, style: { head: [], border: [] } });

function falseRollbacks(): string {
  const printed = table('healthy at 4.5% for 48 h', 'jobs/h', 'rolled back', 'first stage', 's');
  for (const [name, kind] of Object.entries(KINDS)) {
    for (const jobsPerHour of [2, 20, 200, 2_000]) {
      const begin = performance.now();
      const of = livesAt(jobsPerHour);
      const counts = { now: 0, before: 0 };
      for (let life = 0; life < of; life++) {
        const rows = subjectWindows(kind(jobsPerHour, 48 * HOUR, steady(0.045)));
        const { now, before } = crossings(rows, 48 * HOUR, Infinity);
        if (now.at !== null) counts.now += 1;
        if (before.at !== null) counts.before += 1;
      }
      printed.push([name, jobsPerHour, wilson(counts.now, of), wilson(counts.before, of), seconds(begin)]);
    }
  }
  return printed.toString();
}

const median = (all: number[]) => all.sort((a, b) => a - b)[Math.floor((all.length - 1) / 2)] ?? Number.NaN;

function found(): string {
  const printed = table(
    '1%, then broken',
    'jobs/h',
    'to',
    'failed jobs',
    'hours',
    'first stage: failed',
    'hours',
    's',
  );
  for (const name of ['independent', 'bursts of 20, correlation 0.3'] as const) {
    for (const jobsPerHour of [2, 20, 200, 2_000]) {
      for (const broken of [0.1, 0.2, 0.5]) {
        const begin = performance.now();
        const from = 12 * HOUR;
        const until = from + 48 * HOUR;
        const all = { now: [] as Found[], before: [] as Found[] };
        for (let life = 0; life < livesAt(jobsPerHour); life++) {
          const rows = subjectWindows(KINDS[name](jobsPerHour, until, breaking(0.01, from, broken)));
          const both = crossings(rows, until, from);
          for (const stage of ['now', 'before'] as const) {
            if ((both[stage].at ?? Infinity) > from) all[stage].push(both[stage]);
          }
        }
        const cells = (['now', 'before'] as const).flatMap((stage) => {
          const failed = median(all[stage].map((one) => (one.at === null ? Infinity : one.failed)));
          const hours = median(all[stage].map(({ at }) => (at === null ? Infinity : (at - from) / HOUR)));
          return failed === Infinity ? ['not in 48 h', '-'] : [String(failed), hours.toFixed(2)];
        });
        printed.push([name, jobsPerHour, `${broken * 100}%`, ...cells, seconds(begin)]);
      }
    }
  }
  return printed.toString();
}

function sharedOutages(): string {
  const printed = table('outage of both arms for 2 h, 200 jobs/h', 'treatment', 'rolled back', 's');
  for (const share of [0.1, 0.2, 0.5]) {
    for (const treated of [1, 10, 50, 90, 99]) {
      const begin = performance.now();
      let harmful = 0;
      for (let life = 0; life < lives; life++) {
        const population = drawPopulation({ subjects: 100, treated, activitySpread: 1 }, random);
        const rate = outage(steady(0.01), 6 * HOUR, 8 * HOUR, share);
        const rows = subjectWindows(jobsOf(population, { jobsPerHour: 200, until: 10 * HOUR, rate }, random));
        const monitor = scoreMonitor();
        const windows = new Map(windowsOf(rows).map((window) => [window.startedAt, window]));
        let acts = false;
        for (let at = 0; at < 10 * HOUR && !acts; at += WINDOW) {
          const window = windows.get(at);
          acts = monitor({ minute: at / 60, windows: window ? [window] : [] }) === 'harmful';
        }
        if (acts) harmful += 1;
      }
      printed.push([`to ${share * 100}%`, `${treated} of 100`, wilson(harmful, lives), seconds(begin)]);
    }
  }
  return printed.toString();
}

function subjectsThatDiffer(): string {
  const printed = table('no effect, 9 of 90 subjects, 14 days, 60 jobs/h', 'suspect', 'harmful', 's');
  const begin = performance.now();
  const counts = { suspect: 0, harmful: 0 };
  const of = Math.max(5, Math.ceil(lives / 2));
  for (let life = 0; life < of; life++) {
    const population = drawPopulation({ subjects: 90, treated: 9, activitySpread: 1 }, random);
    const rate = ratesOfSubjects(population, 0.01, 0.1, random);
    const jobs = (until: number) => jobsOf(population, { jobsPerHour: 60, until, rate }, random);
    const past = new Map<string, { jobs: number; failed: number }>();
    const before = subjectWindows(jobs(7 * 24 * HOUR));
    for (const { subject, finished, failed } of before) {
      const sum = past.get(subject) ?? { jobs: 0, failed: 0 };
      past.set(subject, { jobs: sum.jobs + finished, failed: sum.failed + failed });
    }
    const total = [...past.values()].reduce((sum, one) => ({
      jobs: sum.jobs + one.jobs,
      failed: sum.failed + one.failed,
    }));
    const rows = subjectWindows(jobs(14 * 24 * HOUR)).map((row) => ({
      ...row,
      past: past.get(row.subject) ?? { jobs: 0, failed: 0 },
    }));
    const windows = new Map(
      windowsOf(rows, total.failed / total.jobs).map((window) => [window.startedAt, window]),
    );
    const monitor = scoreMonitor();
    const seen = new Set<string>();
    for (let at = 0; at < 14 * 24 * HOUR && !seen.has('harmful'); at += WINDOW) {
      const window = windows.get(at);
      seen.add(monitor({ minute: at / 60, windows: window ? [window] : [] }));
    }
    if (seen.has('harmful')) counts.harmful += 1;
    else if (seen.has('suspect')) counts.suspect += 1;
  }
  printed.push([
    'correlation 0.1 of a subject’s jobs',
    wilson(counts.suspect, of),
    wilson(counts.harmful, of),
    seconds(begin),
  ]);
  return printed.toString();
}

const begin = performance.now();
console.log(`limit 5%, ${lives} lives, seed ${values.seed}\n`);
if (values.only === 'one-bad') {
  console.log(namings(lives, random));
  process.exit();
}
if (values.only === 'shared-outages') {
  console.log(sharedOutages());
  process.exit();
}
if (values.only === 'healthy-fleets') {
  console.log(healthyFleets(OTHERS, lives, random));
  process.exit();
}
console.log(`Fast failures and slow successes\n${fastFailures(lives, random)}\n`);
if (values.only === 'fast-failures') process.exit();
console.log(`Healthy features\n${falseRollbacks()}\n`);
console.log(`1% for 12 h, then broken: medians until it is rolled back\n${found()}\n`);
console.log(`Shared outages\n${sharedOutages()}\n`);
console.log(`Subjects that differ\n${subjectsThatDiffer()}\n`);
console.log(`One bad subject\n${namings(lives, random)}\n`);
console.log(`Healthy fleets of other kinds\n${healthyFleets(OTHERS, lives, random)}\n`);
console.log(`${seconds(begin)} s in all`);
