import { afterAll, describe, expect, it } from 'vitest';
import { tick } from '../../src/app/tick/tick.ts';
import { metricEngineOf } from '../../src/compose/environment/prometheus.ts';
import { receiversOf } from '../../src/compose/environment/receivers.ts';
import type { Counter, Prometheus } from '../helpers/debian/debian-prometheus.ts';
import { REAL_ENGINES } from '../helpers/debian/engines.ts';
import { type TickWorld, tickWorld } from '../helpers/projects/tick-world.ts';

const MINUTES = 180;

/** What is counted in a minute, so many minutes ago: of all and of the bad ones. */
type Minute = (ago: number, arm: string) => { all: number; bad: number };

/** A total of all and one of the bad ones by the minute; it falls where less than nothing is counted. */
function totals(minute: Minute): Counter[] {
  const begin = Math.floor(Date.now() / 60_000) * 60 - MINUTES * 60;
  return ['treatment', 'control'].flatMap((arm) =>
    (['all', 'bad'] as const).map((what): Counter => {
      let total = 1_000_000;
      return {
        name: `${what}_total`,
        labels: { arm },
        samples: Array.from({ length: MINUTES + 1 }, (_, n): [number, number] => {
          total += minute(MINUTES - n, arm)[what];
          return [begin + n * 60, total];
        }),
      };
    }),
  );
}

const calm = (arm: string) => ({ all: arm === 'treatment' ? 100 : 130, bad: 1 });

/** A feature at 10% for two hours, which goes on to 25% after one of health, with its jobs. */
async function running(how: 'delta' | 'increase'): Promise<TickWorld> {
  const rate = (what: string) => `sum(${how}(${what}_total{arm="$arm"}[$step]))`;
  const steps = [
    { percentage: 10, soak: '1h', minimum_jobs: 50 },
    { percentage: 25, soak: '24h' },
  ];
  const one = { percentage: 10, steps, advance: 'commit', guardrails: [{ metric: 'errors', limit: 5 }] };
  const metrics = { errors: { source: 'prometheus', bad: rate('bad'), all: rate('all') } };
  const made = await tickWorld({ one }, { metrics });
  await made.pass(120);
  for (const minutesAgo of [110, 95, 80, 65, 50, 35, 20, 5])
    await made.record('one', { jobs: 30, minutesAgo });
  return made;
}

async function ticked(made: TickWorld, url: string) {
  const printed: string[] = [];
  const result = await tick(
    {
      ...made.controller,
      ...{ receivers: receiversOf({}), engine: metricEngineOf({ ROLLOUT_PROMETHEUS_URL: url }) },
      print: ({ kind, message }) => printed.push(`${kind} ${message}`),
    },
    { actor: 'ticker', environment: {}, holder: `tick ${Math.random()}` },
  );
  expect(result.problems).toEqual([]);
  const [sum] = await made.db.rows<{ steps: number; events: number; bad: number }>(
    `select count(*)::int as steps, coalesce(sum(events), 0)::int as events, coalesce(sum(bad), 0)::int as bad
     from rollout_observations where arm = 'treatment'`,
  );
  const { action, judgement } = result.results[0] as NonNullable<(typeof result.results)[0]>;
  return {
    ...{ action, verdict: judgement.verdict, reason: judgement.reasonCode, said: judgement.reason },
    ...{ advanced: result.advanced, lost: printed.filter((line) => line.startsWith('steps_lost')), sum },
  };
}

for (const real of REAL_ENGINES)
  describe.skipIf(!real.installed)(`a real ${real.name} whose counts fall`, () => {
    const engines: Prometheus[] = [];
    afterAll(() => Promise.all(engines.map((engine) => engine.stop())));
    const engineWith = async (minute: Minute) => {
      const engine = await real.with(totals(minute));
      engines.push(engine);
      return engine;
    };

    it('for a quarter of an hour leaves these steps out, says so once, and the ramp goes on', async () => {
      const made = await running('delta');
      const { url } = await engineWith((ago, arm) =>
        ago <= 60 && ago > 45 ? { all: -300, bad: 0 } : calm(arm),
      );
      const found = await ticked(made, url);
      expect(found).toMatchObject({ action: 'advanced', verdict: 'healthy', advanced: [{ feature: 'one' }] });
      expect(found.lost).toEqual([
        expect.stringMatching(
          /^steps_lost one was not judged by the guardrail errors from .* to .*: all is -[\d.]+, which is not a number of events; look at its series of that time$/,
        ),
      ]);
      // 23 steps of two hours are over, and three or four of them fell.
      expect(found.sum?.steps).toBeGreaterThanOrEqual(17);
      expect(found.sum?.steps).toBeLessThanOrEqual(21);
      expect((await ticked(made, url)).lost).toEqual([]);
    });

    it.each<[string, Minute, RegExp]>([
      [
        'until now',
        (ago, arm) => (ago <= 40 ? { all: -300, bad: 0 } : calm(arm)),
        /^guardrail errors: its events since .* were not read: all is -[\d.]+, which is not a number of events$/,
      ],
      [
        'below those of the bad ones until now',
        (ago, arm) => (ago <= 40 ? { all: 2, bad: 100 } : calm(arm)),
        /were not read: bad is [\d.]+ and all is [\d.]+; are the two queries swapped\?$/,
      ],
    ])('%s, rolls nothing back, lets no step pass, and is named', async (_, minute, said) => {
      const made = await running('delta');
      const { url } = await engineWith(minute);
      const found = await ticked(made, url);
      expect(found).toMatchObject({ action: 'none', verdict: 'insufficient', reason: 'metric_unread' });
      expect(found).toMatchObject({ advanced: [], lost: [], said: expect.stringMatching(said) });
      // What was there before is counted: 100 a minute.
      expect(found.sum?.events).toBeGreaterThan(6_000);
      expect(found.sum?.bad).toBeLessThan(200);
      expect(await made.row('one')).toMatchObject({ active: true, percentage: 10 });
    });
  });
