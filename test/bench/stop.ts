import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import Table from 'cli-table3';
import pg from 'pg';
import { withDatabase } from './database.ts';

/**
 * From the statement that stops a feature to `isEligible` false, in twenty listening applications, each a process.
 *
 *   npx tsx test/bench/stop.ts [stops] [processes]
 *
 * The clock starts before the statement is sent. Beside it a bare NOTIFY to the same number of bare listeners.
 */
const STOPS = Number(process.argv[2] ?? 40);
const PROCESSES = Number(process.argv[3] ?? 20);

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const library = pathToFileURL(join(import.meta.dirname, '../../src/runtime/index.ts')).href;
const driver = pathToFileURL(createRequire(import.meta.url).resolve('pg')).href;
const wall = () => performance.timeOrigin + performance.now();

/** Says when each of the two things reached it. */
const APPLICATION = `
  import { createRollout } from ${JSON.stringify(library)};
  import pg from ${JSON.stringify(driver)};
  const url = process.argv[1];
  const wall = () => performance.timeOrigin + performance.now();
  const poll = process.argv[2] === 'poll';
  const rollout = await createRollout({ connectionString: url, listen: !poll, ...(poll ? {} : { pollMs: 3_600_000, maxStaleMs: 1e9 }) });
  rollout.on('change', () => console.log((rollout.isEligible('checkout', 'x') ? 'back ' : 'stop ') + wall()));
  const bare = new pg.Client(url);
  await bare.connect();
  await bare.query('listen bare');
  bare.on('notification', () => console.log('bare ' + wall()));
  console.log('ready 0');
  setInterval(() => {}, 1_000);
`;

interface Application {
  child: ChildProcess;
  next(word: string): Promise<number>;
}

function start(url: string, how: string): Application {
  const flags = ['--import', tsx, '--input-type=module', '--eval', APPLICATION, url, how];
  const child = spawn(process.execPath, flags, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  const waiting: { word: string; resolve: (at: number) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [word = '', at] = line.split(' ');
    const place = waiting.findIndex((one) => one.word === word);
    if (place >= 0) waiting.splice(place, 1)[0]?.resolve(Number(at));
  });
  return { child, next: (word) => new Promise((resolve) => waiting.push({ word, resolve })) };
}

/** Milliseconds to each application, for each time. */
async function measure(
  applications: readonly Application[],
  word: string,
  times: number,
  act: () => Promise<unknown>,
  undo: () => Promise<unknown>,
): Promise<number[]> {
  const taken: number[] = [];
  for (let time = 0; time < times; time++) {
    const arrivals = applications.map((application) => application.next(word));
    const began = wall();
    await act();
    for (const at of await Promise.all(arrivals)) taken.push(at - began);
    // Who is slow must have seen it come back, or sees no difference next time.
    const backAgain = word === 'stop' ? applications.map((application) => application.next('back')) : [];
    await undo();
    await Promise.all(backAgain);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return taken.sort((a, b) => a - b);
}

const table = new Table({
  head: [`to ${PROCESSES} processes`, 'p50 ms', 'p99 ms', 'most ms'],
  style: { head: [], border: [] },
});
function add(what: string, sorted: readonly number[]): void {
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
  table.push([what, at(0.5), at(0.99), at(1)]);
}

await withDatabase(async (pool) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, is_active, rollout_percentage) values ('checkout', true, 100)`,
  );
  const { host, port, user, password, database } = new pg.Client(pool.options);
  const url = `postgresql://${user}:${encodeURIComponent(password ?? '')}@${host}:${port}/${database}`;
  const back = () =>
    pool.query(
      `update rollout_configuration set emergency_stop = false, is_active = true where feature_name = 'checkout'`,
    );
  const update = () =>
    pool.query(`update rollout_configuration set emergency_stop = true where feature_name = 'checkout'`);
  for (const how of ['listen', 'poll']) {
    const applications = Array.from({ length: PROCESSES }, () => start(url, how));
    await Promise.all(applications.map((application) => application.next('ready')));
    if (how === 'listen') {
      add(
        'a bare NOTIFY',
        await measure(
          applications,
          'bare',
          STOPS,
          () => pool.query('notify bare'),
          async () => {},
        ),
      );
      add('update by hand, listening', await measure(applications, 'stop', STOPS, update, back));
      const stop = () => pool.query(`select rollout_emergency_stop('checkout', 'a bench')`);
      add('rollout_emergency_stop, listening', await measure(applications, 'stop', STOPS, stop, back));
    } else {
      add(
        'update by hand, poll of 1 s alone',
        await measure(applications, 'stop', Math.ceil(STOPS / 4), update, back),
      );
    }
    for (const { child } of applications) child.kill('SIGKILL');
  }
  console.log(table.toString());
});
