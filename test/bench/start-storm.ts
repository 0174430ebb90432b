import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { withDatabase } from './database.ts';

/**
 * Many processes that start at the same moment, each with every feature: how long until the last one decides, and
 * how many said on their way that the database is away.
 *
 *   npx tsx test/bench/start-storm.ts [processes] [features]
 */
const PROCESSES = Number(process.argv[2] ?? 100);
const FEATURES = Number(process.argv[3] ?? 10_000);

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const library = pathToFileURL(join(import.meta.dirname, '../../src/runtime/index.ts')).href;

/** Starts on a line, so that loading the sources is not counted; says how it went. */
const PROGRAM = `import { createRollout } from ${JSON.stringify(library)};
  console.log('loaded');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  const lines = [];
  const start = performance.now();
  const rollout = await createRollout({ connectionString: process.env.URL, env: {}, log: (line) => lines.push(line) });
  while (rollout.state().status !== 'ready') await new Promise((resolve) => setTimeout(resolve, 10));
  const away = lines.some((line) => /is away|cannot be reached/.test(line));
  console.log(JSON.stringify({ milliseconds: performance.now() - start, away, features: rollout.features().length }));
  process.exit(0);`;

interface Started {
  milliseconds: number;
  away: boolean;
  features: number;
}

await withDatabase(async (pool, url) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, is_active, rollout_percentage)
     select 'feature-' || n, true, n % 100 from generate_series(1, $1::int) n`,
    [FEATURES],
  );
  const processes = await Promise.all(Array.from({ length: PROCESSES }, () => loaded(url)));
  const all = await Promise.all(processes.map((go) => go()));
  const times = all.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0);
  console.log(
    `${PROCESSES} processes, ${FEATURES.toLocaleString('en-US')} features: ready after ${at(0.5)} ms (median), ${at(1)} ms (last); ` +
      `${all.filter(({ away }) => away).length} said that the database is away; ` +
      `${all.every(({ features }) => features === FEATURES) ? 'each' : 'NOT each'} read all`,
  );
});

/** A process that has loaded the library; the function lets it start. */
async function loaded(url: string): Promise<() => Promise<Started>> {
  const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '--eval', PROGRAM], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, URL: url },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return async () => {
    child.stdin.write('go\n');
    const { value } = await lines.next();
    return JSON.parse(value ?? '{}') as Started;
  };
}
