import { expect, it } from 'vitest';
import type { MetricEngine } from '../../../src/app/ports/metric-engine.ts';
import { keepReadingMetrics } from '../../../src/server/live/metric-reading.ts';
import { createStore } from '../../../src/store/store.ts';
import { ramp, tickWorld } from '../../helpers/projects/tick-world.ts';

const query = (code: string) => `sum by (repo) (increase(requests{arm="$arm"${code}}[$step]))`;
const METRIC = { source: 'prometheus', bad: query(',code="500"'), all: query(''), subject_label: 'repo' };

/** A tenth of control's answers and all of treatment's are bad, of twenty repositories each. */
const broken: MetricEngine = {
  range: async (asked, from, until, step) => {
    const treatment = asked.includes('"treatment"');
    const value = asked.includes('500') ? (treatment ? 10 : 0) : 10;
    return Array.from({ length: 20 }, (_, i) => ({
      labels: { repo: `${treatment ? 't' : 'c'}${i}` },
      points: Array.from(
        { length: (until - from) / step + 1 },
        (_, at) => [from + at * step, `${value}`] as const,
      ),
    }));
  },
};

async function world() {
  const guardrails = [{ metric: 'checkout_5xx', limit: 2 }];
  const made = await tickWorld(
    { one: ramp(10, { guardrails, rollback: { fuse: true } }) },
    { metrics: { checkout_5xx: METRIC } },
  );
  await made.pass(60);
  return made;
}

it('a server reads closed steps beside the tick, and recording harm rolls the feature back', async () => {
  const made = await world();
  const { store, words } = made.controller;
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const ends = [1, 2].map(() => keepReadingMetrics({ store, words, engine: broken, log, everyMs: 50 }));
  await expect.poll(async () => (await made.row('one')).active).toBe(false);
  await Promise.all(ends.map((end) => end()));
  const [sum] = await made.db.rows<{ most: number }>(
    `select max(events)::int as most from rollout_observations where metric = 'checkout_5xx'`,
  );
  // Two servers read the same steps: each counts once.
  expect([sum?.most, lines]).toEqual([10, []]);
});

it('a server that may only read leaves metrics to the tick and logs that once', async () => {
  const made = await world();
  const lines: string[] = [];
  let asked = 0;
  const engine: MetricEngine = {
    range: (...given) => {
      asked += 1;
      return broken.range(...given);
    },
  };
  const store = createStore(made.db.pool);
  const readOnly = {
    ...store,
    guardrails: { ...store.guardrails, recordStep: () => Promise.reject(new Error('permission denied')) },
  };
  const { words } = made.controller;
  const end = keepReadingMetrics({
    store: readOnly,
    words,
    engine,
    log: (line) => lines.push(line),
    everyMs: 20,
  });
  await expect.poll(() => asked).toBeGreaterThan(8);
  await end();
  expect(lines).toEqual(['metrics are left to the tick: permission denied']);
});
