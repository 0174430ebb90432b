/**
 * The server under load on loopback: answers a second, how long the slowest take, errors, and whether its memory
 * stays where it was. The load comes from a thread of its own. Bounded: each route so many seconds, two rounds.
 *
 *   npx tsx test/bench/serve.ts [seconds a route]
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import autocannon from 'autocannon';
import Table from 'cli-table3';
import { reconcile } from '../../src/app/reconcile/reconcile.ts';
import { receiversOf } from '../../src/compose/environment/receivers.ts';
import { openServing } from '../../src/compose/serving.ts';
import { createApp } from '../../src/server/app.ts';
import { listen } from '../../src/server/listen.ts';
import { fillRegistry, withDatabase } from './database.ts';

const SECONDS = Number(process.argv[2] ?? 3);
const CONNECTIONS = 20;
const FEATURES = 20;
const REPOSITORIES = 10_000;
/** After every route was loaded once: what grows from then on would grow for ever. */
const MOST_GROWTH = 1.2;

const context = (n: number) => JSON.stringify({ context: { targetingKey: `subject-${n}` } });
const post = { method: 'POST' as const, headers: { 'content-type': 'application/json' } };
const get = (path: string): autocannon.Request[] => [{ method: 'GET', path }];

/** Routes by what they cost. */
const LOADS: readonly { what: string; requests: autocannon.Request[]; status?: number }[] = [
  { what: 'GET /healthz', requests: get('/healthz') },
  {
    what: 'OFREP, one flag',
    requests: Array.from({ length: 200 }, (_, n) => {
      return { ...post, path: `/ofrep/v1/evaluate/flags/feature_${n % FEATURES}`, body: context(n) };
    }),
  },
  {
    what: `OFREP, ${FEATURES} flags`,
    requests: Array.from({ length: 200 }, (_, n) => {
      return { ...post, path: '/ofrep/v1/evaluate/flags', body: context(n) };
    }),
  },
  { what: 'GET /api/history', requests: get('/api/history') },
  { what: 'GET /api/features', requests: get('/api/features') },
  { what: 'GET /metrics', requests: get('/metrics') },
  { what: 'GET / (the page)', requests: get('/') },
  {
    what: 'refused: no token',
    requests: [{ ...post, path: '/api/admin/rollout/stop', body: '{}' }],
    status: 401,
  },
];

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

await withDatabase(async (pool, connectionString) => {
  await fillRegistry(pool, REPOSITORIES);
  await pool.query('select from categorize_all_repositories()');
  const folder = mkdtempSync(join(tmpdir(), 'rollout-serve-'));
  try {
    await underLoad(connectionString, join(folder, 'rollout.yaml'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function underLoad(connectionString: string, file: string): Promise<void> {
  const keys = Array.from({ length: FEATURES }, (_, n) => `  feature_${n}: { percentage: ${n * 5} }`);
  writeFileSync(file, ['version: 1', 'features:', ...keys, ''].join('\n'));
  const environment = { DATABASE_URL: connectionString };
  const serving = await openServing({ file, environment, log: () => {} });
  await reconcile(serving, { actor: 'bench', allowRewind: false, revision: null });
  const app = createApp(
    { ...serving, now: () => new Date(), receivers: receiversOf({}), environment, log: () => {} },
    {
      ...{ adminToken: 'bench'.repeat(8), readToken: null, identity: null, showNames: false },
      ...{ rateLimit: 0, trustProxy: false, hosts: null },
      ...{ origins: [], clientTokens: [], writeTokens: [], streams: { all: 0, ofOne: 0 } },
    },
  );
  const server = await listen(app, { host: '127.0.0.1', port: 0 }, () => {});
  try {
    await rounds(server.url);
  } finally {
    await server.close();
    await serving.close();
  }
}

async function rounds(url: string): Promise<void> {
  const head = ['route', 'answers/s', 'p50 ms', 'p99 ms', 'max ms', 'errors', 'heap MiB'];
  const table = new Table({ head, style: { head: [], border: [] } });
  const heaps: number[] = [];
  for (const round of [1, 2]) {
    for (const { what, requests, status = 200 } of LOADS) {
      const options = { url, requests, connections: CONNECTIONS, duration: SECONDS, workers: 1 };
      const { latency, statusCodeStats = {}, requests: done, errors, timeouts } = await autocannon(options);
      const right = statusCodeStats[`${status}`]?.count ?? 0;
      const answered = Object.values(statusCodeStats).reduce((sum, { count = 0 }) => sum + count, 0);
      const wrong = errors + timeouts + answered - right;
      if (wrong > 0 || right === 0) process.exitCode = 1;
      const { p50, p99, max } = latency;
      table.push([`${round}: ${what}`, Math.round(done.average), p50, p99, max, wrong, heapMiB()]);
    }
    heaps.push(heapMiB());
  }
  const [before = 0, after = 0] = heaps;
  const flat = after <= before * MOST_GROWTH;
  if (!flat) process.exitCode = 1;
  console.log(
    `${table}\n\nheap after the first round ${before} MiB, after the second ${after} MiB${flat ? '' : '  MISSED: it grows'}\n`,
  );
}

/** What is still held after everything that can go has gone. */
function heapMiB(): number {
  collect();
  return Math.round((process.memoryUsage().heapUsed / 2 ** 20) * 10) / 10;
}
