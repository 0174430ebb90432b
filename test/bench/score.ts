import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { bursts } from '../../src/domain/fleet/bursts.ts';
import { independentJobs } from '../../src/domain/fleet/independent.ts';
import { breaking, type FailureRate, type Fleet, steady } from '../../src/domain/fleet/job.ts';
import { replay } from '../../src/domain/fleet/replay.ts';
import { slowSuccesses } from '../../src/domain/fleet/slow-successes.ts';
import { jobsBegan, jobsFailed, newDetector, readDetector } from '../../src/domain/score/detector.ts';
import type { Span } from '../../src/domain/score/slice.ts';
import { seededRandom } from '../../src/lib/random.ts';

/**
 * What the detector sees and misses at a limit of 5%, looked at after every failure: false alarms of healthy features
 * with their 95% Wilson interval, and how many jobs fail until a breakage is found.
 *
 *   npx tsx test/bench/score.ts [--lives 100] [--seed 1] [--evidence 10000] [--false-alarms JOBS_AN_HOUR]
 */
const { values } = parseArgs({
  options: {
    lives: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    evidence: { type: 'string', default: '10000' },
    /** Only the false alarms, at this traffic. */
    'false-alarms': { type: 'string' },
  },
});
const lives = Number(values.lives);
const evidence = Number(values.evidence);
if (!(Number.isInteger(lives) && lives > 0 && evidence > 1)) {
  console.error('--lives takes a whole number above 0 and --evidence a number above 1');
  process.exit(1);
}
const random = seededRandom(Number(values.seed));
const HOUR = 3600;
const LIMIT = 0.05;

/** Second of the crossing, and the failures from `from` on until then; null where it never crosses. */
function crossing(fleet: Fleet, { from = 0, until = Infinity, longestJob = 0 } = {}) {
  const detector = newDetector({ limit: LIMIT, startedAt: 0, longestJob });
  let crossedAt: number | null = null;
  let failed = 0;
  replay<Span>(
    fleet,
    {
      began: (job) => jobsBegan(detector, job.at, job.subject),
      ended: (job, span, at) => {
        if (!job.fails) return;
        if (at >= from) failed += 1;
        jobsFailed(detector, span);
        if (readDetector(detector).score >= Math.log(evidence)) crossedAt = at;
      },
      done: () => crossedAt !== null,
    },
    until,
  );
  return { crossedAt: crossedAt as number | null, failed };
}

/** The kinds of traffic that are tried. */
const KINDS = {
  independent: (jobsPerHour: number, until: number, rate: FailureRate) =>
    independentJobs({ jobsPerHour, until, rate }, random),
  'bursts of 20, correlation 0': burstsOf(0),
  'bursts of 20, correlation 0.1': burstsOf(0.1),
  'bursts of 20, correlation 0.3': burstsOf(0.3),
};

function burstsOf(correlation: number) {
  return (jobsPerHour: number, until: number, rate: FailureRate) =>
    bursts({ jobsPerHour, size: 20, correlation, until, rate }, random);
}

/** Share with its 95% interval (Wilson 1927). */
function wilson(count: number, of: number): string {
  const z = 1.96;
  const share = count / of;
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  const percent = (value: number) => `${(Math.max(0, value) * 100).toFixed(2)}%`;
  return `${count} of ${of}, ${percent(share)} (${percent(middle - half)} to ${percent(middle + half)})`;
}

/** The higher the traffic, the fewer lives there is time for. */
const livesAt = (jobsPerHour: number) =>
  Math.max(3, Math.ceil(jobsPerHour > 5000 ? lives / 20 : jobsPerHour > 500 ? lives / 5 : lives));
const seconds = (begin: number) => ((performance.now() - begin) / 1000).toFixed(1);

function falseAlarms(traffic: readonly number[]): string {
  const table = new Table({
    head: ['healthy at 4.5% for 48 h', 'jobs/h', 'crossed', 's'],
    style: { head: [], border: [] },
  });
  for (const [name, kind] of Object.entries(KINDS)) {
    for (const jobsPerHour of traffic) {
      const begin = performance.now();
      const tried = livesAt(jobsPerHour);
      let crossed = 0;
      for (let life = 0; life < tried; life++) {
        if (crossing(kind(jobsPerHour, 48 * HOUR, steady(0.045))).crossedAt !== null) crossed += 1;
      }
      table.push([name, jobsPerHour, wilson(crossed, tried), seconds(begin)]);
    }
  }
  return table.toString();
}

function slowOnes(): string {
  const head = ['failures end after 10 s', 'jobs/h', 'crossed in 6 h', 's'];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const [jobsPerHour, share, minutes] of [
    [200, 0.03, 90],
    [2000, 0.01, 30],
    [2000, 0.01, 90],
    [200, 0.01, 30],
  ] as const) {
    const begin = performance.now();
    const tried = livesAt(jobsPerHour);
    let crossed = 0;
    for (let life = 0; life < tried; life++) {
      const jobs = independentJobs({ jobsPerHour, until: 6 * HOUR, rate: steady(share) }, random);
      const fleet = slowSuccesses(jobs, { failure: 10, success: minutes * 60, spread: 0.5 }, random);
      if (crossing(fleet, { until: 6 * HOUR, longestJob: 6 * HOUR }).crossedAt !== null) crossed += 1;
    }
    table.push([
      `${share * 100}% fail, successes take ${minutes} min`,
      jobsPerHour,
      wilson(crossed, tried),
      seconds(begin),
    ]);
  }
  return table.toString();
}

function found(): string {
  const head = ['1%, then broken', 'jobs/h', 'to 10%', 'to 20%', 'to 50%', 's'];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const name of ['independent', 'bursts of 20, correlation 0.3'] as const) {
    for (const jobsPerHour of [20, 200, 2000, 20_000]) {
      const begin = performance.now();
      const cells = [0.1, 0.2, 0.5].map((broken) => medianFailed(name, jobsPerHour, broken));
      table.push([name, jobsPerHour, ...cells, seconds(begin)]);
    }
  }
  return table.toString();
}

/** Median of the jobs that fail from the breakage until it is found, within a day. */
function medianFailed(kind: keyof typeof KINDS, jobsPerHour: number, broken: number): string {
  const good = (jobsPerHour < 500 ? 6 : 2) * HOUR;
  const all: number[] = [];
  for (let life = 0; life < livesAt(jobsPerHour); life++) {
    const from = good + Math.floor(random() * 900);
    const fleet = KINDS[kind](jobsPerHour, good + 24 * HOUR, breaking(0.01, from, broken));
    const seen = crossing(fleet, { from });
    if (seen.crossedAt === null) all.push(Infinity);
    else if (seen.crossedAt >= from) all.push(seen.failed);
  }
  const middle = all.sort((a, b) => a - b)[Math.floor((all.length - 1) / 2)] ?? Number.NaN;
  return middle === Infinity ? 'not found' : String(middle);
}

console.log(`limit 5%, evidence ${evidence} to 1, seed ${values.seed}\n`);
const alone = values['false-alarms'];
if (alone !== undefined) {
  console.log(falseAlarms([Number(alone)]));
  process.exit();
}
console.log(`Jobs that failed until it was found, median\n${found()}\n`);
console.log(`False alarms\n${falseAlarms([20, 200, 2000])}\n`);
console.log(`Fast failures, slow successes\n${slowOnes()}`);
