/**
 * `rollout serve` under load on loopback: answers a second, how long the slowest take, errors, and whether its
 * memory stays where it was. Bounded: each route so many seconds, two rounds.
 *
 *   npx tsx test/bench/serve.ts [seconds a route]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import autocannon from 'autocannon';
import Table from 'cli-table3';
import { reconcile } from '../../src/app/reconcile.ts';
import { openController } from '../../src/compose/controller.ts';
import { fillRegistry, withDatabase } from './database.ts';

const SECONDS = Number(process.argv[2] ?? 4);
const CONNECTIONS = 20;
const FEATURES = 20;
const REPOSITORIES = 10_000;
/** Both times after every route was loaded: what grows from then on would grow for ever. */
const MOST_GROWTH = 1.25;

const context = (n: number) => JSON.stringify({ context: { targetingKey: `subject-${n}` } });
const post = { method: 'POST' as const, headers: { 'content-type': 'application/json' } };

/** Routes by what they cost. Bodies differ, so that nothing is answered from a cache of ours. */
const LOADS: readonly { what: string; requests: autocannon.Request[] }[] = [
  { what: 'GET /healthz', requests: [{ method: 'GET', path: '/healthz' }] },
  {
    what: 'OFREP, one flag',
    requests: Array.from({ length: 200 }, (_, n) => ({
      ...post,
      path: `/ofrep/v1/evaluate/flags/feature_${n % FEATURES}`,
      body: context(n),
    })),
  },
  {
    what: `OFREP, ${FEATURES} flags`,
    requests: Array.from({ length: 200 }, (_, n) => ({
      ...post,
      path: '/ofrep/v1/evaluate/flags',
      body: context(n),
    })),
  },
  { what: 'GET /api/history', requests: [{ method: 'GET', path: '/api/history' }] },
  { what: 'GET /api/features', requests: [{ method: 'GET', path: '/api/features' }] },
  { what: 'GET /metrics', requests: [{ method: 'GET', path: '/metrics' }] },
  { what: 'GET / (the page)', requests: [{ method: 'GET', path: '/' }] },
  { what: 'refused: no token', requests: [{ ...post, path: '/api/admin/rollout/stop', body: '{}' }] },
];

await withDatabase(async (pool) => {
  await fillRegistry(pool, REPOSITORIES);
  await pool.query('select from categorize_all_repositories()');
  const folder = mkdtempSync(join(tmpdir(), 'rollout-serve-'));
  try {
    await load(pool.options.connectionString ?? '', folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function load(connectionString: string, folder: string): Promise<void> {
  const file = join(folder, 'rollout.yaml');
  const keys = Array.from({ length: FEATURES }, (_, n) => `  feature_${n}: { percentage: ${n * 5} }`);
  writeFileSync(file, ['version: 1', 'features:', ...keys, ''].join('\n'));
  const environment = { DATABASE_URL: connectionString };
  const controller = await openController({ file, environment, log: () => {} });
  await reconcile(controller, { actor: 'bench', allowRewind: false, revision: null });
  await controller.close();

  const server = await serve(file, connectionString);
  try {
    const table = new Table({
      head: ['route', 'answers/s', 'p50 ms', 'p99 ms', 'max ms', 'errors', 'MiB after'],
      style: { head: [], border: [] },
    });
    const memory: number[] = [];
    for (const round of [1, 2]) {
      for (const { what, requests } of LOADS) table.push(await measure(server.url, what, requests, round));
      await sleep(1_000);
      memory.push(await residentMiB(server.url));
    }
    console.log(`${table}\n`);
    const [before = 0, after = 0] = memory;
    const flat = after <= before * MOST_GROWTH;
    console.log(
      `memory after the first round ${before} MiB, after the second ${after} MiB${flat ? '' : '  MISSED: it grows'}`,
    );
    if (!flat) process.exitCode = 1;
  } finally {
    await server.end();
  }
}

async function measure(
  url: string,
  what: string,
  requests: autocannon.Request[],
  round: number,
): Promise<(string | number)[]> {
  const result = await autocannon({ url, requests, connections: CONNECTIONS, duration: SECONDS });
  const { latency, non2xx, errors, timeouts } = result;
  const wrong = errors + timeouts + (what.startsWith('refused') ? 0 : non2xx);
  if (wrong > 0) process.exitCode = 1;
  const memory = await residentMiB(url);
  const rate = Math.round(result.requests.average);
  return [`${round}: ${what}`, rate, latency.p50, latency.p99, latency.max, wrong, memory];
}

async function residentMiB(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const [, bytes = '0'] = /^process_resident_memory_bytes (\S+)/m.exec(text) ?? [];
  return Math.round(Number(bytes) / 2 ** 20);
}

/** The command itself, without a limit of requests. */
async function serve(file: string, database: string): Promise<{ url: string; end: () => Promise<void> }> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const main = join(import.meta.dirname, '../../src/cli/main.ts');
  const args = ['serve', '--file', file, '--port', '0', '--rate-limit', '0', '--json'];
  const child = spawn(process.execPath, ['--import', tsx, main, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, DATABASE_URL: database, ROLLOUT_ADMIN_TOKEN: 'bench'.repeat(8) },
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  while (!said.includes('}')) await once(child.stdout, 'data');
  const ended = once(child, 'close');
  return {
    url: JSON.parse(said).url,
    end: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
