import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { seededRandom } from '../../src/lib/random.ts';
import {
  fixedHorizon,
  flagger,
  type GuardrailRule,
  kayenta,
  ours,
  sumsOf,
  threshold,
} from './guardrail-rules.ts';
import { type Made, WORLDS, type World } from './guardrail-worlds.ts';

/**
 * Five rules on the same generated days, ten worlds like those that each of them was made for: false rollbacks, harm
 * that was missed, delay in minutes and bad events of treatment until the rollback (medians over the days of harm;
 * harm that is missed counts until the end of the day).
 *
 *   npx tsx test/bench/guardrails.ts [--days 20] [--seed 1] [--worlds]
 */
const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    worlds: { type: 'boolean', default: false },
  },
});
const days = Number(values.days);

const RULES: Readonly<Record<string, GuardrailRule>> = {
  ours,
  flagger,
  kayenta,
  threshold,
  'fixed horizon': fixedHorizon,
};

interface Tally {
  quiet: number;
  falseRollbacks: number;
  harmed: number;
  missed: number;
  delays: number[];
  bad: number[];
}

const empty = (): Tally => ({ quiet: 0, falseRollbacks: 0, harmed: 0, missed: 0, delays: [], bad: [] });

/** A rollback before the harm is false, whatever comes later. */
function count(tally: Tally, { harmAt }: World, at: number | null, minutes: ReturnType<typeof sumsOf>): void {
  tally.quiet += 1;
  const early = at !== null && (harmAt === null || at <= harmAt);
  if (early) tally.falseRollbacks += 1;
  if (harmAt === null || early) return;
  tally.harmed += 1;
  if (at === null) tally.missed += 1;
  const until = at ?? minutes.length;
  tally.delays.push(until - harmAt);
  tally.bad.push(minutes.slice(harmAt, until).reduce((sum, { treatment }) => sum + treatment.bad, 0));
}

function median(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? '-' : String(sorted[Math.floor(sorted.length / 2)]);
}

function wilson(found: number, of: number): string {
  if (of === 0) return '-';
  const z = 1.96;
  const share = found / of;
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  const percent = (value: number) => `${(Math.max(0, value) * 100).toFixed(1)}%`;
  return `${(share * 100).toFixed(1)}% (${percent(middle - half)} to ${percent(middle + half)})`;
}

const found = new Map<string, Map<string, Tally>>();
const tallyOf = (group: string, rule: string): Tally => {
  const rules = found.get(group) ?? new Map<string, Tally>();
  found.set(group, rules);
  const tally = rules.get(rule) ?? empty();
  rules.set(rule, tally);
  return tally;
};
const groupOf = (world: World): Made | string =>
  values.worlds ? `${world.madeFor}: ${world.name}` : world.madeFor;

for (const [place, world] of WORLDS.entries()) {
  for (let day = 0; day < days; day++) {
    const random = seededRandom(Number(values.seed) * 1_000_003 + place * 1_009 + day);
    const events = world.draw(random);
    const minutes = sumsOf(events);
    for (const [name, rule] of Object.entries(RULES)) {
      count(tallyOf(groupOf(world), name), world, rule(minutes, world.limit, events), minutes);
    }
  }
}

const table = new Table({
  head: ['worlds made for', 'rule', 'false rollbacks', 'harm missed', 'delay, min', 'bad events'],
  style: { head: [], border: [] },
});
for (const [group, rules] of found) {
  for (const [rule, { quiet, falseRollbacks, harmed, missed, delays, bad }] of rules) {
    table.push([
      group,
      rule,
      wilson(falseRollbacks, quiet),
      wilson(missed, harmed),
      median(delays),
      median(bad),
    ]);
  }
}
console.log(`${days} days of each of ${WORLDS.length} worlds, seed ${values.seed}`);
console.log(table.toString());
