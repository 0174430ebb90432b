import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { tick } from '../../src/app/tick/tick.ts';
import { metricEngineOf } from '../../src/compose/environment/prometheus.ts';
import { receiversOf } from '../../src/compose/environment/receivers.ts';
import type { Prometheus } from '../helpers/debian/debian-prometheus.ts';
import { calm, REAL_ENGINES, requestsMetric, requestsOfDays } from '../helpers/debian/engines.ts';
import { checksum } from '../helpers/projects/project.ts';
import { ramp, type TickWorld, tickFile, tickWorld } from '../helpers/projects/tick-world.ts';

const BEFORE = { one: ramp(10) };

/** The file with a guardrail, as somebody proposes it. */
function proposed(guardrail: object = {}, rest: object = {}, metric: object = requestsMetric()): string {
  const one = ramp(10, { guardrails: [{ metric: 'checkout_5xx', limit: 2, ...guardrail }], ...rest });
  return tickFile({ one }, { metrics: { checkout_5xx: metric } });
}

/** `rollout plan` of this text where the environment names this engine; the exit code of a plan with changes is 2. */
async function planned(world: TickWorld, text: string, url: string | null, args: string[] = []) {
  await world.commit(text, 'propose');
  const env = url === null ? {} : { ROLLOUT_PROMETHEUS_URL: url, ROLLOUT_PROMETHEUS_TOKEN: SECRET };
  const before = await checksum(world.db);
  const { code, stdout, stderr } = await world.cli(['plan', ...args], { env });
  expect(await checksum(world.db)).toEqual(before);
  expect(`${stdout}${stderr}`).not.toContain(SECRET);
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  return stdout;
}

const SECRET = 'prom-secret-4711';
const ROLLBACK = [{ on_harm: 'rollback' }, { advanced: { correlation: 0.01 } }] as const;

for (const real of REAL_ENGINES)
  describe.skipIf(!real.installed)(`a plan beside a real ${real.name}`, () => {
    const engines: Prometheus[] = [];
    afterAll(() => Promise.all(engines.map((engine) => engine.stop())));

    it('a plan shows at a guardrail its back-test of the last seven days and the reaction that it will have', async () => {
      const engine = await real.with(requestsOfDays(calm));
      engines.push(engine);
      const world = await tickWorld(BEFORE);
      const found = await planned(world, proposed(), engine.url);
      expect(found).toMatch(
        /^~ one {2}update.*\n.*\n {4}guardrail checkout_5xx: with limit 2% it would have frozen the ramp never in the last 7 days; [\d,]+ bad events of [\d,]+ events \(0\.\d+%\) on 7 days; they do not come in bursts\n/m,
      );
      expect(found).toContain(
        '    guardrail checkout_5xx: it freezes; for a rollback write on_harm: rollback, and in the feature advanced: { correlation: 0 }\n',
      );
      expect(await planned(world, proposed(...ROLLBACK), engine.url, ['--markdown'])).toMatch(
        /^- `one`: guardrail checkout\\_5xx: on\\_harm: rollback acts as freeze until a tick has made this back-test itself$/m,
      );
      const json = JSON.parse(
        await planned(world, proposed({ ...ROLLBACK[0], limit: 0.25 }, ROLLBACK[1]), engine.url, ['--json']),
      );
      expect(json.guardrails.one).toMatchObject([
        {
          ...{ metric: 'checkout_5xx', result: 'tested', by: 'engine', days: 7, correlation: 0 },
          ...{ not_yet: { code: 'limit_not_above', limit: 0.25 }, after_tick: false },
        },
      ]);
      await engine.stop();
      const away = await planned(world, proposed(...ROLLBACK), engine.url);
      expect(away).toMatch(
        /^ {4}warning: guardrail checkout_5xx: not back-tested: the engine at 127\.0\.0\.1:\d+ cannot be reached: ECONNREFUSED; try again with: rollout back-test one$/m,
      );
      expect(away).toContain('acts as freeze until a back-test allows more: it was never back-tested');
    });

    it('a plan shows harm of the last days as alarms, which keep the guardrail from rolling back', async () => {
      const engine = await real.with(
        requestsOfDays((minute, arm) => (arm === 'treatment' && minute > -45 ? 20 : calm(minute))),
      );
      engines.push(engine);
      const found = await planned(await tickWorld(BEFORE), proposed(...ROLLBACK), engine.url);
      expect(found).toMatch(
        /it would have rolled back once in the last 7 days \(\d{4}-\d\d-\d\d \d\d:\d\d UTC\)/,
      );
      expect(found).toMatch(
        /acts as freeze until a back-test allows more: in its back-test it would have acted 1 time/,
      );
    });

    it('a tick makes the back-test that the plan showed, and the guardrail may then roll back', async () => {
      const engine = await real.with(requestsOfDays(calm));
      engines.push(engine);
      const world = await tickWorld(BEFORE);
      expect(await planned(world, proposed(...ROLLBACK), engine.url)).toContain(
        'acts as freeze until a tick has made this back-test itself',
      );
      await world.reconcile();
      await world.pass(60);
      const { controller } = world;
      const deps = { ...controller, receivers: receiversOf({}), print: () => {} };
      const asked = { ...deps, engine: metricEngineOf({ ROLLOUT_PROMETHEUS_URL: engine.url }) };
      await tick(asked, { actor: 'ticker', environment: {}, holder: 'tick of a plan' });
      const [kept] = (await controller.store.reading((read) => read.guardrails.backTests(['one']))).values();
      expect(kept?.get('checkout_5xx')).toMatchObject({ days: 7, alarms: [] });
      const later = await planned(world, proposed({ ...ROLLBACK[0], limit: 3 }, ROLLBACK[1]), engine.url);
      expect(later).toMatch(/^ {4}guardrail checkout_5xx: it may roll back$/m);
    });
  });

describe('a plan', () => {
  /** An engine that counts its questions and answers none of them. */
  async function silent() {
    let questions = 0;
    const server = createServer((_, response) => {
      questions += 1;
      response.writeHead(500).end('{"status":"error","error":"it hurts"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterAll(() => server.close());
    const { port } = server.address() as AddressInfo;
    return { url: `http://ada:${SECRET}@127.0.0.1:${port}`, questions: () => questions };
  }

  it('a plan asks the engine neither about a guardrail that stays as it is nor without an address', async () => {
    const { url, questions } = await silent();
    const world = await tickWorld(
      { one: ramp(10, { guardrails: [{ metric: 'checkout_5xx', limit: 2 }] }) },
      {
        metrics: { checkout_5xx: requestsMetric() },
      },
    );
    const lowered = proposed().replace('"percentage":10', '"percentage":5');
    expect(await planned(world, lowered, url)).not.toContain('guardrail checkout_5xx');
    expect(questions()).toBe(0);
    expect(await planned(world, proposed({ limit: 3 }), null)).toContain(
      'not back-tested: its events are in an engine, and ROLLOUT_PROMETHEUS_URL is not set here',
    );
    expect(questions()).toBe(0);
    const asked = await planned(world, proposed({ limit: 3 }), url);
    expect(asked).toContain(
      'warning: guardrail checkout_5xx: not back-tested: the engine answered 500: it hurts',
    );
    expect(questions()).toBe(1);
  });

  it('a plan back-tests a metric whose events are stored in the database in the same way', async () => {
    const world = await tickWorld(BEFORE);
    const text = proposed({ limit: 3 }, {}, { source: 'events' });
    expect(await planned(world, text, null)).toContain(
      '    guardrail checkout_5xx: not back-tested: no event of it is known yet\n',
    );
    const { guardrails } = JSON.parse(await planned(world, text, null, ['--json']));
    expect(guardrails.one).toMatchObject([{ result: 'no_events', not_yet: null }]);
  });
});
