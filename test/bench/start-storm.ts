import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { restartServer, withDatabase } from './database.ts';
import { cpuOfServer, postmasterOf } from './processor-time.ts';

/**
 * Many processes of the built library that start at the same moment, each with every feature: how long until the last
 * one decides, and how many said on their way that something failed. Then PostgreSQL is restarted under them.
 *
 *   npx tsx test/bench/start-storm.ts [processes] [features]
 */
const PROCESSES = Number(process.argv[2] ?? 100);
const FEATURES = Number(process.argv[3] ?? 10_000);

const ROOT = join(import.meta.dirname, '../..');
const LIBRARY = pathToFileURL(join(ROOT, 'lib/runtime/index.js')).href;

/**
 * Starts on a line, so that loading the library is not counted; on the next one it looks at the library every 5 ms,
 * until it is ready by an answer of the server that came after the third line, and listens.
 */
const PROGRAM = `import { createRollout } from ${JSON.stringify(LIBRARY)};
  import { createInterface } from 'node:readline';
  const say = (about) => console.log(JSON.stringify(about));
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const said = [];
  say('loaded');
  await lines.next();
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const rollout = await createRollout({ connectionString: process.env.URL, env: {}, log: (line) => said.push(line) });
  while (rollout.state().status !== 'ready') await pause(5);
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  say({ milliseconds, cpu: (user + system) / 1000, said: said.splice(0), features: rollout.features().length });
  await lines.next();
  let [blind, looks, upAt] = [0, 0, Infinity];
  void lines.next().then(() => { upAt = performance.now(); });
  const ready = () => {
    const { status, ageMs, listening } = rollout.state();
    return status === 'ready' && listening && performance.now() - ageMs > upAt;
  };
  say('watching');
  while (!ready()) {
    looks += 1;
    if (!rollout.isEligible('feature-always', 'x')) blind += 1;
    await pause(5);
  }
  say({ milliseconds: performance.now() - upAt, looks, blind, said });
  process.exit(0);`;

interface Started {
  milliseconds: number;
  /** Milliseconds of processor time. */
  cpu: number;
  said: string[];
  features: number;
}

interface Restarted {
  milliseconds: number;
  looks: number;
  /** Looks at which nobody was eligible. */
  blind: number;
  said: string[];
}

execFileSync('npm', ['run', '--silent', 'build:lib'], { cwd: ROOT, stdio: 'inherit' });
await withDatabase(async (pool, url, embedded) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, is_active, rollout_percentage)
     select case n when 1 then 'feature-always' else 'feature-' || n end, true, case n when 1 then 100 else n % 100 end
     from generate_series(1, $1::int) n`,
    [FEATURES],
  );
  // Each row of the statement above was a change of the one row of rollout_state.
  await pool.query('vacuum analyze');
  const processes = await Promise.all(Array.from({ length: PROCESSES }, () => loaded(url)));
  const server = postmasterOf(embedded);
  const [begun, cpu, machine] = [performance.now(), cpuOfServer(server), cpuOfMachine()];
  const started = await Promise.all(processes.map(({ tell }) => tell<Started>('start')));
  console.log(
    `${PROCESSES} processes, ${FEATURES.toLocaleString('en-US')} features: ready after ${spread(started)}, ` +
      `all after ${Math.round(performance.now() - begun)} ms, ` +
      `${started.every(({ features }) => features === FEATURES) ? 'each' : 'NOT each'} read all; ${heard(started)}; ${load()}`,
  );
  // Others may have had most of the machine: what was taken of it says more than the clock.
  console.log(
    `the server took ${seconds(cpuOfServer(server) - cpu)} of processor time, the processes ${seconds(sum(started.map((one) => one.cpu)))}, ` +
      `the whole machine ${seconds(cpuOfMachine() - machine)}`,
  );
  const { rows } = await pool.query<{ connections: number }>(
    `select count(*)::int as connections from pg_stat_activity where application_name = 'rollout-runtime'`,
  );
  console.log(`${rows[0]?.connections} connections`);
  await Promise.all(processes.map(({ tell }) => tell('watch')));
  const down = performance.now();
  await restartServer(embedded);
  console.log(`restarted in ${Math.round(performance.now() - down)} ms`);
  const back = await Promise.all(processes.map(({ tell }) => tell<Restarted>('up')));
  console.log(
    `ready again, listening, ${spread(back)} after the server was up, all ${Math.round(performance.now() - down)} ms after it went down; ` +
      `${back.filter(({ blind }) => blind > 0).length} were without a snapshot at one of ` +
      `${sum(back.map(({ looks }) => looks)).toLocaleString('en-US')} looks; ${heard(back)}; ${load()}`,
  );
});

function spread(all: readonly { milliseconds: number }[]): string {
  const times = all.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0);
  return `${at(0.5)} ms (median), ${at(1)} ms (last)`;
}

/** How many processes logged something, and what most of them did. */
function heard(all: readonly { said: string[] }[]): string {
  const lines = new Map<string, number>();
  for (const { said } of all) for (const line of new Set(said)) lines.set(line, (lines.get(line) ?? 0) + 1);
  const each = [...lines].sort(([, a], [, b]) => b - a).map(([line, times]) => `\n  ${times} × ${line}`);
  return `${all.filter(({ said }) => said.length > 0).length} logged something${each.slice(0, 5).join('')}`;
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** Milliseconds for which a core of the machine was not idle. */
function cpuOfMachine(): number {
  const [user, nice, system] = readFileSync('/proc/stat', 'utf8').split(/\s+/).slice(1);
  return 10 * (Number(user) + Number(nice) + Number(system));
}

function load(): string {
  return `load ${loadavg()
    .map((one) => one.toFixed(1))
    .join(', ')}`;
}

/** A process that has loaded the library, and answers each line with one. */
async function loaded(url: string): Promise<{ tell<T>(line: string): Promise<T> }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, URL: url },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    async tell<T>(line: string): Promise<T> {
      child.stdin.write(`${line}\n`);
      const { value } = await lines.next();
      if (value === undefined) throw new Error('a process ended');
      return JSON.parse(value) as T;
    },
  };
}
