import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { type EvidenceRow, judge, judgeByCategory } from '../../src/domain/health/health.ts';
import {
  drawLife,
  type Monitor,
  type Outcome,
  runLife,
  type Summary,
  sequentialMonitor,
  summarise,
  type Traffic,
  thresholdMonitor,
} from '../../src/domain/simulation/simulation.ts';
import { seededRandom } from '../../src/lib/random.ts';

/**
 * What the health rules see and miss: many lives of 48 hours with a check every 15 minutes, the sequential
 * rule beside the plain 24-hour rule on the same jobs.
 *
 *   npx tsx test/bench/operating-characteristics.ts [--runs 2000] [--seed 1]
 */
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
if (!(Number.isInteger(runs) && runs > 0 && Number.isInteger(seed))) {
  console.error('--runs takes a whole number above 0 and --seed a whole number');
  process.exit(1);
}

const HOURS = 48;
const BREAK_AT = 36;
const MONITORS: [string, () => Monitor][] = [
  ['sequential', () => sequentialMonitor()],
  ['plain 24 h', () => thresholdMonitor()],
];

/** The same lives past both rules. */
function compare(traffic: Traffic): Summary[] {
  const random = seededRandom(seed);
  const brokenAt = traffic.breakage?.hour;
  const outcomes: Outcome[][] = MONITORS.map(() => []);
  for (let run = 0; run < runs; run++) {
    const life = drawLife(traffic, random);
    MONITORS.forEach(([, monitor], index) => {
      outcomes[index]?.push(runLife(life, monitor(), brokenAt));
    });
  }
  return outcomes.map((each) => summarise(each, brokenAt));
}

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
const hours = (delay: number) => (delay === Infinity ? 'not seen' : `${delay.toFixed(2)} h`);
const failures = (value: number) => (Number.isNaN(value) ? '' : value.toFixed(0));

function falseRollbacks(): string {
  const table = new Table({
    head: ['true rate', 'jobs/h', ...MONITORS.flatMap(([name]) => [`${name}: rolled back`, 'raised at all'])],
    style: { head: [], border: [] },
  });
  for (const errorRate of [1, 4.5]) {
    for (const jobsPerHour of [2, 20, 200]) {
      const summaries = compare({ hours: HOURS, jobsPerHour, errorRate });
      const cells = summaries.flatMap(({ falseHarmful, raised }) => [percent(falseHarmful), percent(raised)]);
      table.push([`${errorRate}%`, jobsPerHour, ...cells]);
    }
  }
  return table.toString();
}

function breakages(): string {
  const columns = ['before', 'found', 'median delay', 'failed jobs'];
  const table = new Table({
    head: [
      'broken to',
      'jobs/h',
      ...MONITORS.flatMap(([name]) => columns.map((each, i) => (i ? each : `${name}: ${each}`))),
    ],
    style: { head: [], border: [] },
  });
  for (const jobsPerHour of [2, 20, 200]) {
    for (const errorRate of [10, 20, 50]) {
      const breakage = { hour: BREAK_AT, errorRate };
      const summaries = compare({ hours: HOURS, jobsPerHour, errorRate: 1, breakage });
      const cells = summaries.flatMap(({ falseHarmful, detected, medianDelay, medianFailed }) => [
        percent(falseHarmful),
        percent(detected),
        hours(medianDelay),
        failures(medianFailed),
      ]);
      table.push([`${errorRate}%`, jobsPerHour, ...cells]);
    }
  }
  return table.toString();
}

/** Evidence of a busy feature: 192 buckets of five categories, both arms. */
function busyRows(): EvidenceRow[] {
  const traffic = {
    hours: HOURS,
    jobsPerHour: 40,
    errorRate: 2,
    control: { jobsPerHour: 160, errorRate: 2 },
  };
  const random = seededRandom(seed);
  const rows: EvidenceRow[] = [];
  for (const category of ['test', 'small', 'medium', 'large', 'enterprise']) {
    for (const { minute, strata } of drawLife(traffic, random)) {
      for (const { jobs, errors, controlJobs, controlErrors } of strata) {
        rows.push({ minute, category, jobs, errors, controlJobs, controlErrors });
      }
    }
  }
  return rows;
}

function costOfJudging(): string {
  const features = Array.from({ length: 100 }, busyRows);
  for (const rows of features) judgeByCategory(rows);
  const begin = performance.now();
  for (const rows of features) judgeByCategory(rows);
  return `${(performance.now() - begin).toFixed(0)} ms`;
}

const tenOfTwenty = judge([
  { minute: 0, category: '', jobs: 20, errors: 10, controlJobs: 0, controlErrors: 0 },
]);

console.log(`${runs} lives of ${HOURS} h a line, a check every 15 minutes, limit 5%, seed ${seed}\n`);
console.log(`Healthy features\n${falseRollbacks()}\n`);
console.log(`1% for ${BREAK_AT} h, then broken\n${breakages()}\n`);
console.log(`10 of 20 at the first check: ${tenOfTwenty.verdict}, ${tenOfTwenty.reason}\n`);
console.log(`100 features, 192 buckets, 5 categories, both arms: judged in ${costOfJudging()}`);
