import { expect, it, vi } from 'vitest';
import { fakeGithub } from '../helpers/github/index.ts';
import { patience } from '../helpers/run/pace.ts';
import { shortest } from './shrink.ts';
import type { Step } from './step.ts';
import { TIMED, timesText } from './times.ts';
import { type Plan, type Walked, walk } from './walk.ts';

vi.mock('node:child_process', async (original) => {
  const { spawningBeside } = await import('./spawning.ts');
  return spawningBeside(await original<typeof import('node:child_process')>());
});

/** Seconds to walk at most: one minute among all tests, as long as it is asked for by `npm run world`. */
const SECONDS = Number(process.env.WORLD_SECONDS ?? 60);
const SEED = Number(process.env.WORLD_SEED ?? 1);
/** Walks at most: one among all tests and in CI, so that a slow and a fast machine walk the same. */
const WALKS = Number(process.env.WORLD_WALKS ?? 1);
const LENGTH = Number(process.env.WORLD_LENGTH ?? 40);
/** Seconds that a failure may take to become shorter. */
const SHRINKING = Number(process.env.WORLD_SHRINKING ?? 120);
/** `1`: a walk that fails is told, and the next one begins. */
const GO_ON = process.env.WORLD_GO_ON === '1';
/** A sequence to walk again, as a failure prints it. */
const STEPS = process.env.WORLD_STEPS;

it('no walk through the world exposes a subject that no commit, no import and no earlier state exposed', {
  timeout: (SECONDS + SHRINKING) * 1_000 + patience(180_000),
}, async () => {
  const github = await fakeGithub();
  const until = performance.now() + SECONDS * 1_000;
  const histogram: Walked['histogram'] = new Map();
  const failed: string[] = [];
  for (let seed = SEED; seed < SEED + WALKS && performance.now() < until; seed++) {
    const kind = seed % 6 === 0 ? 'plain' : 'origin';
    const environments = kind === 'origin' && seed % 3 === 1 ? 2 : 1;
    const plan: Plan = { seed, kind, environments, steps: STEPS ? (JSON.parse(STEPS) as Step[]) : LENGTH };
    const walked = await walk(github, plan, () => performance.now() > until);
    for (const [step, { taken, changed }] of walked.histogram) {
      const sum = histogram.get(step) ?? { taken: 0, changed: 0 };
      histogram.set(step, { taken: sum.taken + taken, changed: sum.changed + changed });
    }
    if (walked.violations.length > 0) {
      const text = await failureText(github, plan, walked);
      if (!GO_ON) {
        console.log(histogramText(histogram));
        throw new Error(text);
      }
      failed.push(text);
      console.log(text);
    }
    if (WALKS > 1) console.log(progressText(seed, histogram));
    if (STEPS) {
      console.log(walked.told.join('\n'));
      break;
    }
  }
  console.log(histogramText(histogram));
  if (TIMED) console.log(timesText());
  expect(failed).toEqual([]);
  expect(histogram.size).toBeGreaterThan(0);
});

/** Whatever is wrong in the same way counts as the same failure while it is made shorter. */
const signature = ({ violations }: Walked) => (violations[0] ?? '').slice(0, 8);

async function failureText(github: Parameters<typeof walk>[0], plan: Plan, walked: Walked): Promise<string> {
  const again = async (steps: readonly Step[]) => {
    const other = await walk(github, { ...plan, steps });
    return signature(other) === signature(walked) ? other : null;
  };
  const steps = await shortest(walked.steps, async (some) => (await again(some)) !== null, SHRINKING * 1_000);
  const told = (await again(steps)) ?? walked;
  return [
    `seed ${plan.seed} (${plan.kind}), after ${walked.steps.length} steps:`,
    ...walked.violations.map((text) => `  ${text}`),
    `the shortest sequence, ${steps.length} steps:`,
    ...told.told.map((text) => `  ${text}`),
    ...told.violations.map((text) => `  => ${text}`),
    `to walk it again: WORLD_SEED=${plan.seed} WORLD_STEPS='${JSON.stringify(steps)}' npm run world`,
  ].join('\n');
}

function sumOf(histogram: Walked['histogram']): { taken: number; changed: number } {
  const all = [...histogram.values()];
  const sum = (key: 'taken' | 'changed') => all.reduce((total, one) => total + one[key], 0);
  return { taken: sum('taken'), changed: sum('changed') };
}

function progressText(seed: number, histogram: Walked['histogram']): string {
  const { taken, changed } = sumOf(histogram);
  return `${new Date().toISOString()} seed ${seed}: ${taken} steps, ${changed} of which changed exposure`;
}

function histogramText(histogram: Walked['histogram']): string {
  const rows = [...histogram].sort(([, a], [, b]) => b.taken - a.taken);
  const sum = sumOf(histogram);
  const line = (name: string, taken: number, changed: number) =>
    `${name.padEnd(16)}${String(taken).padStart(8)}${String(changed).padStart(10)}`;
  return [
    `${'step'.padEnd(16)}${'taken'.padStart(8)}${'changed'.padStart(10)}`,
    ...rows.map(([name, { taken, changed }]) => line(name, taken, changed)),
    line('all', sum.taken, sum.changed),
    `${Math.round((100 * sum.changed) / Math.max(1, sum.taken))}% of the steps changed exposure (a third is wanted)`,
  ].join('\n');
}
