import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { countersOf, quantilePlace, timePlace } from '../../src/domain/evidence/time-counters.ts';
import { type SubjectWindow, windowsOf } from '../../src/domain/score/window.ts';
import { scoreMonitor } from '../../src/domain/simulation/monitor.ts';
import { normal, poisson, type Random, seededRandom } from '../../src/lib/random.ts';
import { wilson } from './wilson.ts';

/**
 * `slower_than: control_p95` where treatment has 200 jobs an hour and control nine times as many: false rollbacks in 48
 * hours without any difference, and how long it takes until all times twice as long are found. The limit on times is
 * measured each quarter of an hour over the week before, as the tick does; the score is looked at every five minutes.
 *
 *   npx tsx test/bench/slow.ts [--lives 200] [--seed 1]
 *
 * Shares are printed with their 95% interval (Wilson 1927).
 */
const { values } = parseArgs({
  options: { lives: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const lives = Number(values.lives);
const JOBS_PER_HOUR = 200;
const CONTROL_TIMES = 9;
const HOURS = 48;
/** Hours of control before the feature was switched on. */
const BEFORE = 24;
const EVIDENCE = 10_000;

const TIMES: Readonly<Record<string, (random: Random) => number>> = {
  'log-normal, sigma 0.5': (random) => 1_000 * Math.exp(0.5 * normal(random)),
  'log-normal, sigma 1': (random) => 1_000 * Math.exp(normal(random)),
  'Pareto, shape 2.5': (random) => 1_000 * (1 - random()) ** (-1 / 2.5),
  'Pareto, shape 1.5': (random) => 1_000 * (1 - random()) ** (-1 / 1.5),
};
const LIMITS = [6, 7, 8, 10];

/** Minutes from the beginning until each limit is found exceeded; null: in 48 hours it is not. */
function life(time: (random: Random) => number, factor: number, random: Random): (number | null)[] {
  const counts = new Map<number, number>();
  const controlJobs = (jobs: number) => {
    for (let i = 0; i < jobs; i++) {
      const place = timePlace(time(random));
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  };
  controlJobs(JOBS_PER_HOUR * CONTROL_TIMES * BEFORE);
  const monitors = LIMITS.map((limit) =>
    scoreMonitor({ maxErrorRate: limit, warningErrorRate: limit, evidence: EVIDENCE, shared: true }),
  );
  const found = LIMITS.map((): number | null => null);
  let slow = 0;
  for (let minute = 0; minute < HOURS * 60 && found.includes(null); minute += 5) {
    if (minute % 15 === 0) slow = quantilePlace(countersOf(counts), 0.95) ?? 0;
    const rows: SubjectWindow[] = [];
    const about = { startedAt: minute * 60, category: '', begun: 0, finished: 1 };
    for (let i = poisson(random, JOBS_PER_HOUR / 12); i > 0; i--) {
      const failed = timePlace(factor * time(random)) > slow ? 1 : 0;
      rows.push({ ...about, subject: `t${i}`, arm: 'treatment', failed });
    }
    const control = poisson(random, (JOBS_PER_HOUR * CONTROL_TIMES) / 12);
    for (let i = control; i > 0; i--) {
      const place = timePlace(time(random));
      counts.set(place, (counts.get(place) ?? 0) + 1);
      rows.push({ ...about, subject: `c${i}`, arm: 'control', failed: place > slow ? 1 : 0 });
    }
    const windows = windowsOf(rows);
    for (const [i, monitor] of monitors.entries()) {
      if (monitor({ minute, windows }) === 'harmful') found[i] ??= minute + 5;
    }
  }
  return found;
}

function quantile(found: readonly (number | null)[], share: number): string {
  const sorted = found.map((minutes) => minutes ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const minutes = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return Number.isFinite(minutes) ? `${minutes} min` : `more than ${HOURS} h`;
}

const table = new Table({
  head: ['times', 'limit', 'false in 48 h', 'doubled: found after, median', 'p90'],
  style: { head: [], border: [] },
});
for (const [place, [name, time]] of Object.entries(TIMES).entries()) {
  const random = seededRandom(Number(values.seed) * 100 + place);
  const healthy = Array.from({ length: lives }, () => life(time, 1, random));
  const doubled = Array.from({ length: Math.ceil(lives / 4) }, () => life(time, 2, random));
  for (const [i, limit] of LIMITS.entries()) {
    const delays = doubled.map((found) => found[i] ?? null);
    const count = healthy.filter((found) => found[i] !== null).length;
    table.push([name, `${limit}%`, wilson(count, lives), quantile(delays, 0.5), quantile(delays, 0.9)]);
  }
}
console.log(`${JOBS_PER_HOUR} jobs of treatment an hour, seed ${values.seed}`);
console.log(table.toString());
