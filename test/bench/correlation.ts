import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { correlatedShare } from '../../src/domain/fleet/beta.ts';
import type { StepCount } from '../../src/domain/guardrails/engine-counts.ts';
import { STEP_SECONDS } from '../../src/domain/guardrails/metric-read.ts';
import { scoresOf } from '../../src/domain/simulation/back-test.ts';
import { binomial } from '../../src/domain/simulation/binomial.ts';
import { measuredCorrelation } from '../../src/domain/simulation/burstiness.ts';
import { windowsOfSteps } from '../../src/domain/simulation/engine-lives.ts';
import { poisson, seededRandom } from '../../src/lib/random.ts';

/**
 * What a guardrail without subjects sees and misses at a limit of 5%, at the evidence of 10,000 beside errors of jobs: each
 * life first measures its correlation over seven days, then lives for 48 hours with that. Nothing is held back by
 * an alarm within the seven days, which a back-test would do.
 *
 *   npx tsx test/bench/correlation.ts [--lives 200] [--seed 1]
 */
const { values } = parseArgs({
  options: { lives: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const lives = Number(values.lives);
if (!(Number.isInteger(lives) && lives > 0)) {
  console.error('--lives takes a whole number above 0');
  process.exit(1);
}
const random = seededRandom(Number(values.seed));
const [DAY, LIMIT, MEAN] = [86_400, 5, 0.045];
const RULE = { maxErrorRate: LIMIT, warningErrorRate: LIMIT, evidence: 10_000, shared: true };

interface Kind {
  name: string;
  size: number;
  correlation: number;
}
const KINDS: readonly Kind[] = [
  { name: 'independent', size: 1, correlation: 0 },
  { name: 'bursts of 20, correlation 0', size: 20, correlation: 0 },
  { name: 'bursts of 20, correlation 0.1', size: 20, correlation: 0.1 },
  { name: 'bursts of 20, correlation 0.3', size: 20, correlation: 0.3 },
];

/** Steps of so many days: bursts at random, whose share is drawn with the correlation; another share from `breaks` on. */
function stepsOf(
  { size, correlation }: Kind,
  perHour: number,
  days: number,
  after = MEAN,
  breaks = Infinity,
): StepCount[] {
  const steps: StepCount[] = [];
  for (let at = STEP_SECONDS; at <= days * DAY; at += STEP_SECONDS) {
    const bursts = poisson(random, perHour / size / 12);
    const mean = at > breaks ? after : MEAN;
    let bad = 0;
    if (correlation === 0) bad = binomial(random(), bursts * size, mean);
    else
      for (let i = 0; i < bursts; i++)
        bad += binomial(random(), size, correlatedShare(random, mean, correlation));
    if (bursts > 0) steps.push({ at, arm: 'treatment', subject: '', events: bursts * size, bad });
  }
  return steps;
}

/** Minute of the crossing; null where it never crosses. */
function crossing(steps: readonly StepCount[], correlation: number | null): number | null {
  for (const { at, verdict } of scoresOf(
    { windows: windowsOfSteps(steps, correlation), startedAt: 0 },
    RULE,
  )) {
    if (verdict === 'harmful') return at;
  }
  return null;
}

/** Share with its 95% interval (Wilson 1927). */
function wilson(count: number, of: number): string {
  const z = 1.96;
  const share = count / of;
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  return `${count} of ${of} (at most ${((middle + half) * 100).toFixed(2)}%)`;
}

function median(found: (number | null)[]): string {
  const sorted = found.map((one) => one ?? Infinity).sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? Infinity;
  return middle === Infinity ? 'never' : `${middle}`;
}

const table = new Table({
  head: [
    'events/h',
    'events',
    'correlation',
    'false in 48 h',
    'to 10%, min',
    'to 20%',
    'to 50%',
    'one span: to 20%',
  ],
});
for (const perHour of [200, 2_000, 20_000]) {
  for (const kind of KINDS) {
    let wrong = 0;
    const measured: number[] = [];
    const delays: (number | null)[][] = [[], [], [], []];
    for (let life = 0; life < lives; life++) {
      const correlation = measuredCorrelation(stepsOf(kind, perHour, 7)) ?? 1;
      measured.push(correlation);
      if (crossing(stepsOf(kind, perHour, 2), correlation) !== null) wrong += 1;
      // Delays are the same within minutes from life to life.
      if (life % 4 > 0) continue;
      [0.1, 0.2, 0.5].forEach((after, i) => {
        const found = crossing(stepsOf(kind, perHour, 2, after, DAY), correlation);
        delays[i]?.push(found === null ? null : found - DAY / 60);
      });
      const plain = crossing(stepsOf(kind, perHour, 2, 0.2, DAY), null);
      delays[3]?.push(plain === null ? null : plain - DAY / 60);
    }
    const middle = measured.sort((a, b) => a - b)[Math.floor(lives / 2)] ?? 0;
    table.push([perHour, kind.name, middle, wilson(wrong, lives), ...delays.map(median)]);
    console.error(`${perHour} an hour, ${kind.name}: done`);
  }
}
console.log(table.toString());
