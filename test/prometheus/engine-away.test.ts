import { afterAll, describe, expect, it } from 'vitest';
import { tick } from '../../src/app/tick/tick.ts';
import { metricEngineOf } from '../../src/compose/environment/prometheus.ts';
import { receiversOf } from '../../src/compose/environment/receivers.ts';
import type { Counter, Prometheus } from '../helpers/debian/debian-prometheus.ts';
import { REAL_ENGINES } from '../helpers/debian/engines.ts';
import { type TickWorld, tickWorld } from '../helpers/projects/tick-world.ts';

const rate = (code: string) =>
  `sum by (repo) (increase(http_requests_total{app="shop",arm="$arm"${code}}[$step]))`;
const METRIC = { source: 'prometheus', bad: rate(',code="500"'), all: rate(''), subject_label: 'repo' };

/**
 * A request a second of each of ten repositories in each arm over five hours. Treatment's share of bad ones is `away` from
 * 100 to 40 minutes ago, and small before and after; the application is restarted ten minutes ago, and counts from 0.
 */
function requests(away: number): Counter[] {
  const [minutes, restarted] = [300, 10];
  const begin = Math.floor(Date.now() / 60_000) * 60 - minutes * 60;
  return ['treatment', 'control'].flatMap((arm) =>
    Array.from({ length: 10 }, (_, i) => `${arm}${i}`).flatMap((repo) =>
      ['200', '500'].map((code): Counter => {
        let total = 0;
        const samples = Array.from({ length: minutes + 1 }, (_, minute): [number, number] => {
          const ago = minutes - minute;
          if (ago === restarted) total = 0;
          const share = arm === 'treatment' && ago <= 100 && ago > 40 ? away : 0.002;
          total += (arm === 'treatment' ? 60 : 78) * (code === '500' ? share : 1 - share);
          return [begin + minute * 60, Math.floor(total)];
        });
        return { name: 'http_requests_total', labels: { app: 'shop', arm, code, repo }, samples };
      }),
    ),
  );
}

/** A feature at 10% that goes on to 25% after two hours of health, with a guardrail on what the engine has. */
async function running(): Promise<TickWorld> {
  const steps = [
    { percentage: 10, soak: '2h', minimum_jobs: 50 },
    { percentage: 25, soak: '24h' },
  ];
  const one = {
    percentage: 10,
    steps,
    advance: 'commit',
    guardrails: [{ metric: 'checkout_5xx', limit: 2 }],
  };
  const made = await tickWorld({ one }, { metrics: { checkout_5xx: METRIC } });
  await made.pass(30);
  return made;
}

/** A tick that asks this engine, with jobs that ended well since the one before. */
async function ticked(made: TickWorld, url: string) {
  await made.record('one', { jobs: 60, errors: 0 });
  const printed: string[] = [];
  const result = await tick(
    {
      ...made.controller,
      ...{ receivers: receiversOf({}), engine: metricEngineOf({ ROLLOUT_PROMETHEUS_URL: url }) },
      print: ({ kind }) => printed.push(kind),
    },
    { actor: 'ticker', environment: {}, holder: `tick ${Math.random()}` },
  );
  expect(result.problems).toEqual([]);
  const { action, judgement, advance } = result.results[0] as NonNullable<(typeof result.results)[0]>;
  return {
    action,
    verdict: judgement.verdict,
    reason: judgement.reasonCode,
    wait: advance?.wait?.code,
    advanced: result.advanced,
    printed,
  };
}

/** What was healthy for less than its soak; of a time in which nobody knew, nothing counts. */
const HEALTHY = { action: 'none', verdict: 'healthy', wait: 'soak' };

for (const real of REAL_ENGINES)
  describe.skipIf(!real.installed)(
    `a real ${real.name} that is killed in the middle of a running feature`,
    () => {
      const engines: Prometheus[] = [];
      afterAll(() => Promise.all(engines.map((engine) => engine.stop())));

      it.each([
        ['a harmless time, is healthy and begins its soak anew', 0.002, HEALTHY],
        ['harm, is rolled back', 0.3, { action: 'rolled_back', verdict: 'harmful' }],
      ])(
        'nothing changes and one notice is sent while the engine is away for hours; later the feature, with %s',
        async (_, share, after) => {
          const made = await running();
          const engine = await real.with(requests(share));
          engines.push(engine);
          expect(await ticked(made, engine.url)).toMatchObject(HEALTHY);
          await engine.stop();
          const notices: string[] = [];
          const away = async () => {
            const { action, verdict, reason, advanced, printed } = await ticked(made, engine.url);
            notices.push(...printed);
            expect({ action, advanced }).toEqual({ action: 'none', advanced: [] });
            expect(await made.row('one')).toMatchObject({ active: true, percentage: 10 });
            return [verdict, reason];
          };
          // Within the grace of a quarter of an hour nobody has to know.
          await made.pass(15);
          await away();
          expect(notices).toEqual([]);
          await made.pass(105);
          for (let tick = 0; tick < 4; tick++) {
            expect(await away()).toEqual(['insufficient', 'metric_unread']);
          }
          expect(await made.incidents('one')).toEqual([]);
          expect(notices).toEqual(['guardrail_unread']);
          await engine.start();
          expect(await ticked(made, engine.url)).toMatchObject({ ...after, advanced: [] });
          const isHealthy = after === HEALTHY;
          expect(await made.row('one')).toMatchObject({ active: isHealthy, percentage: isHealthy ? 10 : 0 });
          expect(await made.incidents('one')).toHaveLength(isHealthy ? 0 : 1);
        },
      );
    },
  );
