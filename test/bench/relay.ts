import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import Table from 'cli-table3';
import type pg from 'pg';
import { noRepository } from '../../src/compose/environment/no-repository.ts';
import { readPageAssets } from '../../src/compose/environment/page-assets.ts';
import { receiversOf } from '../../src/compose/environment/receivers.ts';
import { words } from '../../src/report/kept.ts';
import { openRelayed } from '../../src/runtime/relayed.ts';
import { createApp } from '../../src/server/app.ts';
import { listen } from '../../src/server/listen.ts';
import { createStore } from '../../src/store/store.ts';
import { withDatabase } from './database.ts';

/**
 * One relay with many streams, the applications in another process: how long a stop takes until the last of them has
 * it, from the statement in the database on, and what a stream costs the relay.
 *
 *   npx tsx test/bench/relay.ts [streams] [stops]
 */
const [STREAMS = 5_000, STOPS = 10] = process.argv.slice(2).map(Number);
const TOKEN = 'bench'.repeat(8);

await withDatabase(async (pool, connectionString) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, is_active, rollout_percentage, salt)
     select 'feature_' || n, true, 50, 'salt' from generate_series(1, 100) n`,
  );
  const { rollout, source, sink } = await openRelayed({
    connectionString,
    log: () => {},
    flushOnExit: false,
  });
  const store = createStore(pool);
  const app = createApp(
    {
      ...{
        store,
        urgent: store,
        urgentFor: () => store,
        repository: noRepository(),
        tracker: null,
        words,
        actor: 'bench',
      },
      ...{
        rollout,
        source,
        sink,
        receivers: receiversOf({}),
        environment: {},
        now: () => new Date(),
        log: () => {},
      },
      page: { assets: await readPageAssets(), repositoryUrl: null },
    },
    {
      ...{
        adminToken: null,
        readToken: null,
        identity: null,
        clientTokens: [TOKEN],
        origins: [],
        writeTokens: [],
        showNames: false,
      },
      ...{ rateLimit: 0, trustProxy: false, hosts: null, streams: { all: STREAMS, ofOne: STREAMS } },
    },
  );
  const listening = await listen(app, { host: '127.0.0.1', port: 0 }, () => {});
  try {
    await measure(pool, listening.url);
  } finally {
    await listening.close();
    await rollout.close();
  }
});

async function measure(pool: pg.Pool, url: string): Promise<void> {
  const before = memory();
  const clients = fork(new URL('./relay-process.ts', import.meta.url), [url, TOKEN, String(STREAMS)], {
    execArgv: process.execArgv,
  });
  const began = performance.now();
  const { open } = await said<{ open: number }>(clients);
  const opened = performance.now() - began;
  const held = memory() - before;
  const times: number[] = [];
  let lost = 0;
  for (let stop = 0; stop < STOPS; stop++) {
    clients.send('stop');
    // Before that what comes would be counted to the stop before.
    await said(clients);
    await pool.query(
      `update rollout_configuration set emergency_stop = $1 where feature_name = 'feature_7'`,
      [stop % 2 === 0],
    );
    const answer = await said<{ heard: number[]; lost: number }>(clients);
    times.push(...answer.heard);
    lost = answer.lost;
  }
  clients.kill();
  times.sort((a, b) => a - b);
  const at = (share: number) => `${Math.round(times[Math.ceil(times.length * share) - 1] ?? 0)} ms`;
  const table = new Table({ head: ['one relay', ''], style: { head: [], border: [] } });
  table.push(['streams held', open], ['opened in', `${(opened / 1_000).toFixed(1)} s`]);
  table.push(['streams lost', lost]);
  table.push(['memory a stream', `${(held / open / 1_000).toFixed(1)} kB`]);
  table.push([`a stop reaches them, ${STOPS} stops: p50`, at(0.5)], ['p99', at(0.99)], ['the last', at(1)]);
  table.push([
    'load',
    loadavg()
      .map((load) => load.toFixed(1))
      .join(' '),
  ]);
  console.log(table.toString());
}

function memory(): number {
  return process.memoryUsage().rss;
}

async function said<T>(clients: ChildProcess): Promise<T> {
  const [message] = await once(clients, 'message');
  return message as T;
}
