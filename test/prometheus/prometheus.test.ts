import { afterAll, describe, expect, it } from 'vitest';
import { readMetrics } from '../../src/app/guardrails/read-metrics.ts';
import { tick } from '../../src/app/tick/tick.ts';
import { metricEngineOf } from '../../src/compose/environment/prometheus.ts';
import { receiversOf } from '../../src/compose/environment/receivers.ts';
import type { Counter, Prometheus } from '../helpers/debian/debian-prometheus.ts';
import { REAL_ENGINES } from '../helpers/debian/engines.ts';
import { ramp, type TickWorld, tickWorld } from '../helpers/projects/tick-world.ts';

const rate = (code: string) => `sum(increase(http_requests_total{app="shop",arm="$arm"${code}}[$step]))`;
const bySubject = (code: string) => rate(code).replace('sum(', 'sum by (repo) (');
const METRIC = { source: 'prometheus', bad: rate(',code=~"5.."'), all: rate('') };
const BY_SUBJECT = {
  source: 'prometheus',
  bad: bySubject(',code=~"5.."'),
  all: bySubject(''),
  subject_label: 'repo',
};

const now = () => Math.floor(Date.now() / 1_000);

/** Requests of ten repositories in each arm over the last two hours; a share of treatment's is answered by 5xx. */
function traffic(bad: number, rest: { arms?: string[]; resetAt?: number } = {}): Counter[] {
  const begin = now() - 7_200;
  const at = Array.from({ length: 481 }, (_, i) => begin + 15 * i);
  return (rest.arms ?? ['treatment', 'control']).flatMap((arm) =>
    Array.from({ length: 10 }, (_, i) => `${arm}${i}`).flatMap((repo) =>
      ['200', '500'].map((code): Counter => {
        const share = arm === 'treatment' ? bad : 0.001;
        const each = 15 * (code === '500' ? share : 1 - share) * (arm === 'treatment' ? 1 : 1.3);
        const total = (time: number) =>
          Math.floor(
            each * ((time >= (rest.resetAt ?? time + 1) ? time - (rest.resetAt ?? 0) : time - begin) / 15),
          );
        return {
          name: 'http_requests_total',
          labels: { app: 'shop', arm, code, repo },
          samples: at.map((time) => [time, total(time)] as const),
        };
      }),
    ),
  );
}

/** A feature at 10% whose epoch is an hour old, with jobs, and a guardrail on checkout_5xx. */
async function world(guardrail: object, metric: object = METRIC): Promise<TickWorld> {
  const made = await tickWorld(
    { one: ramp(10, { guardrails: [{ metric: 'checkout_5xx', limit: 2, ...guardrail }] }) },
    { metrics: { checkout_5xx: metric } },
  );
  await made.pass(60);
  await made.record('one', { jobs: 90, errors: 0 });
  return made;
}

/** One tick that asks this engine. */
async function ticked({ controller, db }: TickWorld, url: string) {
  const printed: string[] = [];
  const engine = metricEngineOf({ ROLLOUT_PROMETHEUS_URL: url });
  const result = await tick(
    {
      ...controller,
      ...{ receivers: receiversOf({}), engine },
      print: ({ severity, kind, message }) => printed.push(`${severity} ${kind} ${message}`),
    },
    { actor: 'ticker', environment: {}, holder: `tick ${Math.random()}` },
  );
  const [sum] = await db.rows<{ events: number; bad: number }>(
    `select coalesce(sum(events), 0)::int as events, coalesce(sum(bad), 0)::int as bad
     from rollout_observations where arm = 'treatment'`,
  );
  return {
    ...(result.results[0] as NonNullable<(typeof result.results)[0]>),
    printed,
    sum,
    problems: result.problems,
  };
}

const engines: Prometheus[] = [];
afterAll(() => Promise.all(engines.map((engine) => engine.stop())));

for (const real of REAL_ENGINES)
  describe.skipIf(!real.installed)(`a real ${real.name}`, () => {
    const engineWith = async (counters: readonly Counter[]): Promise<Prometheus> => {
      const engine = await real.with(counters);
      engines.push(engine);
      return engine;
    };

    it('harm in an engine without subjects freezes the ramp, and repeated reads count each step once', async () => {
      const made = await world({});
      const { url } = await engineWith(traffic(0.2));
      const first = await ticked(made, url);
      expect(first).toMatchObject({
        problems: [],
        action: 'none',
        judgement: { verdict: 'suspect', scope: 'guardrail:checkout_5xx' },
      });
      expect(first.judgement.reason).toMatch(/events were bad since .* at a limit of 2% that is evidence/);
      // Ten repositories with a request a second each, in eleven steps or so of the epoch's hour.
      expect((first.sum?.events ?? 0) / 3_000).toBeGreaterThan(9);
      expect((first.sum?.events ?? 0) / 3_000).toBeLessThan(13);
      expect((first.sum?.bad ?? 0) / (first.sum?.events ?? 1)).toBeCloseTo(0.2, 1);
      const again = await ticked(made, url);
      expect(again.sum).toEqual(first.sum);
      expect(await made.row('one')).toMatchObject({ active: true, percentage: 10 });
    });

    it('harm in an engine with a subject label rolls the feature back', async () => {
      const made = await world({}, BY_SUBJECT);
      const { url } = await engineWith(traffic(0.2));
      const found = await ticked(made, url);
      expect(found.problems).toEqual([]);
      expect(await made.row('one')).toMatchObject({ active: false });
      const [incident] = await made.incidents('one');
      expect(incident?.reason).toMatch(/^guardrail checkout_5xx: \d+ of \d+ events were bad since/);
    });

    it('a healthy arm is found healthy, even where its counters were reset', async () => {
      const made = await world({});
      const { url } = await engineWith(traffic(0.002, { resetAt: now() - 1_800 }));
      expect(await ticked(made, url)).toMatchObject({
        judgement: { verdict: 'healthy', scope: 'all' },
        guardrails: [{ verdict: 'healthy' }],
      });
    });

    it('queries that do not tell the arms apart are reported, and nothing is counted', async () => {
      const plain = 'sum(increase(http_requests_total{app="shop"}[$step])) + 0 * count(vector(1)) # $arm';
      const made = await world({}, { ...METRIC, bad: plain, all: plain });
      const { url } = await engineWith(traffic(0.2));
      const { sum } = await ticked(made, url);
      expect(sum).toEqual({ events: 0, bad: 0 });
      const [read] = await made.db.rows<{ problem: string }>('select problem from rollout_metric_reads');
      expect(read?.problem).toMatch(/do not tell the arms apart/);
    });

    it('while an engine is down nothing is rolled back and no step passes; one notice is sent; it is caught up later', async () => {
      const made = await world({});
      const engine = await engineWith(traffic(0.2));
      await engine.stop();
      const down = await ticked(made, engine.url);
      expect(down).toMatchObject({
        action: 'none',
        judgement: { verdict: 'insufficient', reasonCode: 'metric_unread' },
      });
      expect(down.judgement.reason).toMatch(
        /were not read: the engine at 127\.0\.0\.1:\d+ cannot be reached: ECONNREFUSED/,
      );
      const notices = [...down.printed, ...(await ticked(made, engine.url)).printed];
      expect(notices.filter((line) => line.includes('guardrail_unread'))).toHaveLength(1);
      await engine.start();
      expect((await ticked(made, engine.url)).judgement).toMatchObject({ verdict: 'suspect' });
    });

    it('steps lost in an outage of the engine too long to catch up on are notified once', async () => {
      const made = await world({});
      const { url } = await engineWith(traffic(0.001));
      await ticked(made, url);
      await made.db.pool.query(
        `update rollout_metric_reads set read_until = read_until - interval '9 hours'`,
      );
      await made.pass(10 * 60);
      const lost = (lines: readonly string[]) => lines.filter((line) => line.includes('steps_lost'));
      const back = await ticked(made, url);
      expect(lost(back.printed)).toEqual([
        expect.stringMatching(
          /^warning steps_lost one was not judged by the guardrail checkout_5xx from .* to .*: the engine was not read for longer than 6 hours; look at its series of that time$/,
        ),
      ]);
      expect(lost((await ticked(made, url)).printed)).toEqual([]);
    });

    it('two controllers that read the engine at once count each step once', async () => {
      const made = await world({});
      const engine = metricEngineOf({ ROLLOUT_PROMETHEUS_URL: (await engineWith(traffic(0.01))).url });
      const { store, words } = made.controller;
      await Promise.all([readMetrics({ store, engine, words }), readMetrics({ store, engine, words })]);
      const sum = () =>
        made.db.rows<{ events: number }>('select sum(events)::int as events from rollout_observations');
      const once = await sum();
      await made.db.pool.query('delete from rollout_metric_reads');
      await readMetrics({ store, engine, words });
      expect(await sum()).toEqual(once);
    });
  });
