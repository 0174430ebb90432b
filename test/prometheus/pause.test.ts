import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { tick } from '../../src/app/tick/tick.ts';
import { metricEngineOf } from '../../src/compose/environment/prometheus.ts';
import { receiversOf } from '../../src/compose/environment/receivers.ts';
import { ramp, type TickWorld, tickWorld } from '../helpers/projects/tick-world.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** An engine that wants a pause for as long as `headers` are set, and then answers without an event. */
async function engine(status: number, headers: Record<string, string>) {
  const made = { url: '', questions: 0, headers: headers as Record<string, string> | null };
  const server = createServer((request, response) => {
    made.questions += 1;
    request.resume();
    if (made.headers) response.writeHead(status, made.headers).end();
    else response.end('{"status":"success","data":{"resultType":"matrix","result":[]}}');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  made.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return made;
}

const metric = (name: string) => ({
  source: 'prometheus',
  bad: `bad_${name}{arm="$arm"}[$step]`,
  all: `all_${name}{arm="$arm"}[$step]`,
});

/** Features of an hour ago, each with a guardrail without subjects that is to roll back, so that ticks back-test it. */
async function world(...features: string[]): Promise<TickWorld> {
  const guardrails = [{ metric: 'first', limit: 2, on_harm: 'rollback' }];
  const of = ramp(10, { guardrails, advanced: { correlation: 0.1 } });
  const made = await tickWorld(Object.fromEntries(features.map((name) => [name, of])), {
    metrics: { first: metric('first') },
  });
  await made.pass(60);
  for (const feature of features) await made.record(feature, { jobs: 90, errors: 0 });
  return made;
}

async function ticked({ controller, db }: TickWorld, url: string) {
  const printed: string[] = [];
  const result = await tick(
    {
      ...controller,
      ...{ receivers: receiversOf({}), engine: metricEngineOf({ ROLLOUT_PROMETHEUS_URL: url }) },
      print: ({ kind, message }) => printed.push(`${kind} ${message}`),
    },
    { actor: 'ticker', environment: {}, holder: `tick ${Math.random()}` },
  );
  expect(result.problems).toEqual([]);
  const reads = await db.rows<{ feature: string; problem: string | null; seconds: number | null }>(
    `select feature_name as feature, problem, round(extract(epoch from retry_at - now()))::int as seconds
     from rollout_metric_reads order by 1`,
  );
  return { reads, unread: printed.filter((line) => line.startsWith('guardrail_unread')), result };
}

it.each([
  ['seconds', 503, { 'retry-after': '1200' }, 20],
  [
    'a date',
    429,
    { date: 'Sun, 06 Nov 1994 08:00:00 GMT', 'retry-after': 'Sun, 06 Nov 1994 08:20:00 GMT' },
    20,
  ],
  ['a year', 429, { 'retry-after': '31536000' }, 60],
])(
  'an engine that wants a pause, in %s, is left alone by every tick of that time, and people know how long',
  async (_, status, headers, minutes) => {
    const made = await world('one', 'two');
    const asked = await engine(status, headers);
    const { reads, unread, result } = await ticked(made, asked.url);
    // Of two features, each with a guardrail to read and to back-test.
    expect(asked.questions).toBe(1);
    const problem = `the engine answered ${status}`;
    expect(reads).toEqual(
      ['one', 'two'].map((feature) => ({ feature, problem, seconds: expect.any(Number) })),
    );
    for (const { seconds } of reads) expect(Math.ceil((seconds ?? 0) / 60)).toBeLessThanOrEqual(minutes);
    const again = new RegExp(
      `^guardrail_unread .*: the engine answered ${status}; it is asked again at \\d\\d:\\d\\d$`,
    );
    expect(unread).toEqual([expect.stringMatching(again), expect.stringMatching(again)]);
    const facts = result.results.map(({ judgement, guardrails }) => [
      judgement.reasonCode,
      (Date.parse(guardrails[0]?.asks_again_at ?? '') - Date.now()) / 60_000 > minutes - 15,
    ]);
    expect(facts).toEqual([
      ['metric_unread', true],
      ['metric_unread', true],
    ]);
    await made.pass(minutes - 15 - (minutes % 15));
    await ticked(made, asked.url);
    expect(asked.questions).toBe(1);
    asked.headers = null;
    await made.pass(30);
    const after = await ticked(made, asked.url);
    expect(asked.questions).toBeGreaterThan(1);
    expect(after.reads.map((read) => [read.problem, read.seconds])).toEqual([
      [null, null],
      [null, null],
    ]);
  },
);

it('a pause holds for a metric of a feature that was not there when it began', async () => {
  const made = await world('one', 'two');
  const asked = await engine(429, { 'retry-after': '1200' });
  await ticked(made, asked.url);
  await made.db.pool.query(`delete from rollout_metric_reads where feature_name = 'two'`);
  const { reads } = await ticked(made, asked.url);
  expect(asked.questions).toBe(1);
  expect(reads.map(({ problem }) => problem)).toEqual(['the engine answered 429', 'the engine answered 429']);
});

it.each(['-5', 'soon 2099', '0'])(
  'an engine that wants a pause of %s is asked by the next tick',
  async (after) => {
    const made = await world('one');
    const asked = await engine(503, { 'retry-after': after });
    const { reads, unread } = await ticked(made, asked.url);
    expect(reads).toEqual([{ feature: 'one', problem: 'the engine answered 503', seconds: null }]);
    expect(unread).toEqual([expect.stringMatching(/: the engine answered 503$/)]);
    const { questions } = asked;
    await ticked(made, asked.url);
    expect(asked.questions).toBeGreaterThan(questions);
  },
);
