import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backTestFile } from '../../src/app/guardrails/keep-back-test.ts';
import { tick } from '../../src/app/tick/tick.ts';
import { metricEngineOf } from '../../src/compose/environment/prometheus.ts';
import { receiversOf } from '../../src/compose/environment/receivers.ts';
import { backTestReportSentences } from '../../src/report/words/simulation/back-test-report.ts';
import type { Prometheus } from '../helpers/debian/debian-prometheus.ts';
import { calm, REAL_ENGINES, requestsMetric, requestsOfDays } from '../helpers/debian/engines.ts';
import { ramp, type TickWorld, tickFile, tickWorld } from '../helpers/projects/tick-world.ts';

const METRIC = requestsMetric();
const OTHER = requestsMetric('code="500"');

const file = (rest: object, metric: object = METRIC) => {
  const guardrails = [{ metric: 'checkout_5xx', limit: 2, ...rest }];
  const { advanced, ...guardrail } = { advanced: undefined, ...guardrails[0] };
  return [
    { one: ramp(10, { guardrails: [guardrail], ...(advanced ? { advanced } : {}) }) },
    { metrics: { checkout_5xx: metric } },
  ] as const;
};
const ROLLBACK = { on_harm: 'rollback', advanced: { correlation: 0.01 } };

async function made(rest: object): Promise<TickWorld> {
  const world = await tickWorld(...file(rest));
  await world.pass(60);
  await world.record('one', { jobs: 90, errors: 0 });
  return world;
}

/** `rollout back-test one` where the controller knows this engine, or none. */
async function backTested({ controller }: TickWorld, url: string | null, rest: object, metric?: object) {
  const engine = url === null ? null : metricEngineOf({ ROLLOUT_PROMETHEUS_URL: url });
  const text = { path: 'rollout.yaml', content: tickFile(...file(rest, metric)), revision: null };
  const report = await backTestFile({ store: controller.store, engine }, text, {
    feature: 'one',
    actor: 'ana',
  });
  return { ...report.guardrails[0], sentences: backTestReportSentences(report) };
}

async function ticked({ controller }: TickWorld, url: string) {
  const result = await tick(
    {
      ...controller,
      receivers: receiversOf({}),
      engine: metricEngineOf({ ROLLOUT_PROMETHEUS_URL: url }),
      print: () => {},
    },
    { actor: 'ticker', environment: {}, holder: `tick ${Math.random()}` },
  );
  expect(result.problems).toEqual([]);
  return result.results[0];
}

for (const real of REAL_ENGINES)
  describe.skipIf(!real.installed)(`the back-test of a real ${real.name}`, () => {
    const engines: Prometheus[] = [];
    let quiet: Prometheus;
    const engineWith = async (...given: Parameters<typeof requestsOfDays>): Promise<Prometheus> => {
      const engine = await real.with(requestsOfDays(...given));
      engines.push(engine);
      return engine;
    };
    beforeAll(async () => {
      quiet = await engineWith(calm);
    });
    afterAll(() => Promise.all(engines.map((engine) => engine.stop())));

    it('a back-test of seven days without an alarm permits rollbacks; before it, the guardrail freezes and says why', async () => {
      const harm = await engineWith((minute, arm) =>
        arm === 'treatment' && minute > -45 ? 20 : calm(minute),
      );
      const world = await made({ on_harm: 'freeze' });
      const first = await backTested(world, quiet.url, {});
      expect(first).toMatchObject({
        notYet: { code: 'no_correlation' },
        found: { code: 'tested', by: 'engine' },
      });
      expect(first.sentences).toEqual([
        expect.stringMatching(
          /^guardrail checkout_5xx: with limit 2% it would have frozen the ramp never in the last 7 days; [\d,]+ bad events of [\d,]+ events \(0\.\d+%\) on 7 days; they do not come in bursts$/,
        ),
        'guardrail checkout_5xx: for a rollback write on_harm: rollback, and in the feature advanced: { correlation: 0 }',
      ]);
      const asking = await made(ROLLBACK);
      // The tick itself tests what was never tested, on the very engine that has the harm: an alarm.
      const frozen = await ticked(asking, harm.url);
      expect(frozen).toMatchObject({
        action: 'none',
        judgement: { verdict: 'suspect', scope: 'guardrail:checkout_5xx' },
        guardrails: [{ on_harm: 'freeze', not_yet: { code: 'false_alarms' } }],
      });
      expect(await asking.row('one')).toMatchObject({ active: true });
      expect((await backTested(asking, quiet.url, ROLLBACK)).notYet).toBeNull();
      const rolledBack = await ticked(asking, harm.url);
      expect(rolledBack).toMatchObject({ action: 'rolled_back', judgement: { verdict: 'harmful' } });
      expect(await asking.row('one')).toMatchObject({ active: false });
      expect((await asking.incidents('one'))[0]?.reason).toMatch(
        /^guardrail checkout_5xx: \d+ of \d+ events were bad since .*at a limit of 2% that is evidence/,
      );
    });

    it('a back-test measures bursts and permits no rollback with a stated correlation below the measured one', async () => {
      // Every third hour five minutes of one noisy subject, which nothing in the counts names.
      const bursts = await engineWith((minute) => (((minute % 180) + 180) % 180 < 5 ? 12 : 0));
      const world = await made(ROLLBACK);
      const found = await backTested(world, bursts.url, { ...ROLLBACK, advanced: { correlation: 0.001 } });
      expect(found.notYet?.code).toMatch(/false_alarms|correlation_below/);
      const test = found.found?.code === 'tested' ? found.found.test : null;
      expect(test?.correlation).toBeGreaterThan(0.01);
      expect(test?.judgedWith).toBe(0.001);
      const one = await backTested(world, bursts.url, {
        ...ROLLBACK,
        limit: 5,
        advanced: { correlation: 1 },
      });
      expect(one.notYet).toBeNull();
      // The database has the lower limit, which the tick tests anew.
      expect(await ticked(world, bursts.url)).toMatchObject({
        guardrails: [{ on_harm: 'freeze', not_yet: { code: 'correlation_below' } }],
      });
    });

    it('a back-test of a week with a gap, or of a shorter history, names the missing days and permits no rollback', async () => {
      const world = await made(ROLLBACK);
      const gap = await engineWith((minute) =>
        minute > -5 * 1_440 && minute < -2 * 1_440 ? null : calm(minute),
      );
      const found = await backTested(world, gap.url, ROLLBACK);
      expect(found.notYet).toMatchObject({ code: 'too_few_days', needed: 7 });
      expect(found.sentences).toContainEqual(
        expect.stringMatching(/^guardrail checkout_5xx: it has no event from .* to .*$/),
      );
      const young = await engineWith(calm, 3);
      expect((await backTested(world, young.url, ROLLBACK)).notYet).toMatchObject({ code: 'too_few_days' });
    });

    it('a back-test with a limit below the measured share reports that and permits no rollback', async () => {
      const found = await backTested(await made(ROLLBACK), quiet.url, { ...ROLLBACK, limit: 0.25 });
      expect(found.notYet).toMatchObject({ code: 'limit_not_above', limit: 0.25 });
      expect(found.sentences.join('\n')).toMatch(/limit 0\.25% is not above the measured share of 0\.\d+%/);
    });

    it('a back-test whose engine is down or not configured keeps the result of the previous one', async () => {
      const world = await made(ROLLBACK);
      expect((await backTested(world, quiet.url, ROLLBACK)).notYet).toBeNull();
      const down = await engineWith(calm, 1);
      await down.stop();
      const refused = await backTested(world, down.url, ROLLBACK);
      expect(refused).toMatchObject({ found: { code: 'engine_refused' }, notYet: null });
      expect(refused.sentences[0]).toMatch(
        /not back-tested: the engine at .* cannot be reached.*rollout back-test one$/,
      );
      const unknown = await backTested(world, null, ROLLBACK);
      expect(unknown).toMatchObject({ found: { code: 'no_engine' }, notYet: null });
      expect(unknown.sentences[0]).toContain('ROLLOUT_PROMETHEUS_URL is not set here');
    });

    it.each([{ limit: 0.25 }, { advanced: { correlation: 1 } }])(
      'the next tick repeats the back-test that a trial of the file with %j has replaced',
      async (tried) => {
        const world = await made(ROLLBACK);
        expect((await backTested(world, quiet.url, ROLLBACK)).notYet).toBeNull();
        await backTested(world, quiet.url, { ...ROLLBACK, ...tried });
        expect((await backTested(world, null, ROLLBACK)).notYet).not.toBeNull();
        await ticked(world, quiet.url);
        expect((await backTested(world, null, ROLLBACK)).notYet).toBeNull();
      },
    );

    it('a back-test is valid only for the queries that it used', async () => {
      const world = await made(ROLLBACK);
      expect((await backTested(world, quiet.url, ROLLBACK)).notYet).toBeNull();
      expect((await backTested(world, null, ROLLBACK, OTHER)).notYet).toEqual({ code: 'queries_changed' });
      expect((await backTested(world, quiet.url, ROLLBACK, OTHER)).notYet).toBeNull();
      expect((await backTested(world, null, ROLLBACK)).notYet).toEqual({ code: 'queries_changed' });
    });
  });
