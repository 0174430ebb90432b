import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { readMetrics } from '../../src/app/guardrails/read-metrics.ts';
import { metricEngineOf } from '../../src/compose/environment/prometheus.ts';
import { ramp, type TickWorld, tickWorld } from '../helpers/projects/tick-world.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** An engine that has one value of treatment, in the newest step of the first question, by what the query names. */
async function engineWith(values: Record<string, string>, labels: object = {}): Promise<string> {
  let at: number | null = null;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const fields = new URLSearchParams(body);
    const query = fields.get('query') ?? '';
    const [, value] = Object.entries(values).find(([name]) => query.startsWith(name)) ?? [];
    // Also where another step closes between two readings.
    at ??= Number(fields.get('end'));
    const series = [{ metric: labels, values: [[at, value]] }];
    const result = value !== undefined && query.includes('treatment') ? series : [];
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const metric = (name: string, rest: object = {}) => ({
  source: 'prometheus',
  bad: `bad_${name}{arm="$arm"}[$step]`,
  all: `all_${name}{arm="$arm"}[$step]`,
  ...rest,
});

/** A feature whose epoch is an hour old, with a guardrail on `first` and one on `second`, which are read in this order. */
async function world(first: object = {}): Promise<TickWorld> {
  const guardrails = ['first', 'second'].map((name) => ({ metric: name, limit: 2 }));
  const metrics = { first: metric('first', first), second: metric('second') };
  const made = await tickWorld({ one: ramp(10, { guardrails }) }, { metrics });
  await made.pass(60);
  return made;
}

async function read({ controller, db }: TickWorld, url: string) {
  await readMetrics({
    ...{ store: controller.store, words: controller.words },
    engine: metricEngineOf({ ROLLOUT_PROMETHEUS_URL: url }),
  });
  const counted = await db.rows<{ text: string }>(
    `select concat_ws(' ', metric, nullif(subject_id, ''), events, bad) as text from rollout_observations order by 1`,
  );
  const problems = await db.rows<{ metric: string; problem: string }>(
    'select metric, problem from rollout_metric_reads where problem is not null',
  );
  return { counted: counted.map(({ text }) => text), problems };
}

it('the events of a whole service in one step are counted', async () => {
  const url = await engineWith({
    bad_first: '90000',
    all_first: '45000000',
    bad_second: '1',
    all_second: '100',
  });
  expect(await read(await world(), url)).toEqual({
    counted: ['first 45000000 90000', 'second 100 1'],
    problems: [],
  });
});

it('an implausible number is refused in words, and the next metric is read', async () => {
  const url = await engineWith({ all_first: '1e15', all_second: '100' });
  expect(await read(await world(), url)).toEqual({
    counted: ['second 100 0'],
    problems: [
      { metric: 'first', problem: 'all is 1000000000000000, and a step has at most 1000000000 events' },
    ],
  });
});

it.each([
  ['a NUL', 'a\u0000b'],
  ['half of a character', 'a\ud800'],
  [
    'more characters than an id has',
    Array.from({ length: 5_000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000))).join(''),
  ],
])('a subject with %s is counted among the smaller ones, and the next metric is read', async (_, repo) => {
  const url = await engineWith({ all_first: '70', all_second: '100' }, { repo });
  const made = await world({ subject_label: 'repo' });
  expect(await read(made, url)).toEqual({ counted: ['first 70 0', 'second 100 0'], problems: [] });
});

/** Another step has closed since the last reading. */
const stepLater = ({ db }: TickWorld) =>
  db.pool.query(`update rollout_metric_reads set read_until = read_until - interval '5 minutes'`);

it('an engine that has less of a step than it had takes nothing back, and what is more is added once', async () => {
  const values = { bad_first: '10', all_first: '100', all_second: '100' };
  const url = await engineWith(values);
  const made = await world();
  expect((await read(made, url)).counted).toEqual(['first 100 10', 'second 100 0']);
  for (const [all, bad, first] of [
    ['80', '5', 'first 100 10'],
    ['120', '6', 'first 120 10'],
    ['90', '12', 'first 120 12'],
    ['120', '12', 'first 120 12'],
  ] as const) {
    Object.assign(values, { all_first: all, bad_first: bad });
    await stepLater(made);
    expect(await read(made, url)).toEqual({ counted: [first, 'second 100 0'], problems: [] });
  }
});

it('a step that falls below 0 is not counted, the steps before it are, and the ramp waits for it', async () => {
  const values: Record<string, string> = { all_first: '-40', all_second: '100' };
  const url = await engineWith(values);
  const made = await world();
  expect(await read(made, url)).toEqual({
    counted: ['second 100 0'],
    problems: [{ metric: 'first', problem: 'all is -40, which is not a number of events' }],
  });
  const [of] = await made.db.rows(
    `select f.read_until = s.read_until - interval '5 minutes' as waits from rollout_metric_reads f
     join rollout_metric_reads s on s.metric = 'second' where f.metric = 'first'`,
  );
  expect(of).toEqual({ waits: true });
  values.all_first = '40';
  expect(await read(made, url)).toEqual({ counted: ['first 40 0', 'second 100 0'], problems: [] });
});
