import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import Table from 'cli-table3';
import pg from 'pg';
import { seededRandom } from '../../src/lib/random.ts';
import { cpuOf } from './processor-time.ts';

/**
 * What a flush, a tick and a decision cost here and in another checkout of this project, with its packages installed: both
 * in one process, by turns, over features without guardrails. Processor time of the program and of its PostgreSQL backend
 * (of Linux alone), so that what else the machine does is in neither; medians over the turns.
 *
 *   npx tsx test/bench/beside.ts ../older [turns] [flushes of a turn] [part of the name of the work]
 */
const OTHER = process.argv[2] ?? '';
const TURNS = Number(process.argv[3] ?? 7);
const FLUSHES = Number(process.argv[4] ?? 100);
const WANTED = process.argv[5] ?? '';
const [FEATURES, JOBS_AN_HOUR, HOURS, SUBJECTS, IDS] = [100, 40, 24, 90, 100_000];
const HERE = resolve(import.meta.dirname, '../..');

if (!existsSync(join(OTHER, 'test/bench/database.ts'))) {
  console.error('name the folder of another checkout: npx tsx test/bench/beside.ts ../older');
  process.exit(1);
}

const from = <T>(root: string, path: string): Promise<T> => import(pathToFileURL(join(root, path)).href);

/** What is measured of one checkout; the names are the same in both. */
async function modulesOf(root: string) {
  const windows = 'src/store/score/kept-windows.ts';
  return {
    ...(await from<typeof import('./database.ts')>(root, 'test/bench/database.ts')),
    ...(await from<typeof import('../../src/domain/evidence/outcomes.ts')>(
      root,
      'src/domain/evidence/outcomes.ts',
    )),
    ...(await from<typeof import('../../src/store/outcomes/outcomes.ts')>(
      root,
      'src/store/outcomes/outcomes.ts',
    )),
    ...(await from<typeof import('../../src/app/health/health-inputs.ts')>(
      root,
      'src/app/health/health-inputs.ts',
    )),
    ...(await from<typeof import('../../src/domain/health/health.ts')>(root, 'src/domain/health/health.ts')),
    ...(await from<typeof import('../../src/store/store.ts')>(root, 'src/store/store.ts')),
    ...(await from<typeof import('../../src/runtime/index.ts')>(root, 'src/runtime/index.ts')),
    // A tick keeps windows before it reads; an older one has none.
    kept: existsSync(join(root, windows))
      ? await from<typeof import('../../src/store/score/kept-windows.ts')>(root, windows)
      : null,
  };
}

type Modules = Awaited<ReturnType<typeof modulesOf>>;

/** One checkout with a database that has a day of jobs of a hundred features. */
interface Side {
  modules: Modules;
  pool: pg.Pool;
  pid: number;
  random: () => number;
  isEligible: (feature: string, id: string) => boolean;
  close: () => Promise<void>;
}

const NAMES = Array.from({ length: FEATURES }, (_, n) => `feature_${n}`);

function jobsOf(
  { modules, random }: Pick<Side, 'modules' | 'random'>,
  feature: string,
  jobs: number,
  hours: number,
) {
  const sums = new modules.OutcomeSums();
  for (let job = 0; job < jobs; job++) {
    sums.add({
      ...{ feature, subject: `s${Math.floor(random() * SUBJECTS)}`, processor: 'inngest', epoch: 1 },
      ...{ arm: random() < 0.25 ? 'treatment' : 'control', job_class: '', category: 'small' },
      ...{ ok: random() >= 0.02, duration_ms: Math.exp(7 + 2 * random()), error: null },
      finished_at: Date.now() - random() * hours * 3_600_000,
    });
  }
  return sums;
}

async function made(modules: Modules, url: string): Promise<Side> {
  // One backend without workers of its own, so that its processor time is all of it.
  const options = '-c max_parallel_workers_per_gather=0 -c jit=off';
  const pool = new pg.Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0, options });
  pool.on('error', () => {});
  await pool.query(
    `insert into rollout_configuration (feature_name, salt, is_active, rollout_percentage, spec)
     select name, name, true, 25, '{"percentage": 25}' from unnest($1::text[]) name`,
    [NAMES],
  );
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const random = seededRandom(1);
  const side = { modules, pool, pid: rows[0]?.pid ?? 0, random };
  for (const feature of NAMES) await flushed(side, feature, JOBS_AN_HOUR * HOURS, HOURS);
  await pool.query('vacuum analyze');
  const own = new pg.Pool({ connectionString: url, max: 2 });
  const rollout = await modules.createRollout({ pool: own, env: {} });
  const close = async () => {
    await rollout.close();
    await own.end();
    await pool.end();
  };
  return { ...side, isEligible: (feature, id) => rollout.isEligible(feature, id), close };
}

async function flushed(
  side: Omit<Side, 'isEligible' | 'close'>,
  feature: string,
  jobs: number,
  hours: number,
) {
  const client = await side.pool.connect();
  try {
    await side.modules.recordOutcomes(client, randomUUID(), jobsOf(side, feature, jobs, hours));
  } finally {
    client.release();
  }
}

const BEGAN = new Date(Date.now() - HOURS * 3_600_000);
const ASKED = NAMES.map((feature) => ({
  ...{ feature, epoch: 1, epoch_started_at: BEGAN, step_started_at: new Date(Date.now() - 10 * 3_600_000) },
  analysis: 'sequential' as const,
  metrics: [],
}));

/** All that a tick reads of its features, and their verdicts. */
async function judged({ modules, pool }: Side): Promise<string> {
  if (modules.kept) await modules.kept.keepWindows(pool, ASKED, 7);
  const gathered = await modules.createStore(pool).reading((read) => modules.readGathered(read, ASKED));
  return NAMES.map((name) => {
    const score = gathered.get(name)?.score();
    return score ? modules.judge(score, Date.now() / 1_000).judgement.verdict : 'none';
  }).join();
}

const ids = Array.from({ length: IDS }, () => randomUUID() as string);

/** Each returns what it did, so that nothing is left out as not needed. */
const WORK: Record<string, (side: Side) => Promise<unknown>> = {
  'flush of 20 jobs, one in 50 failed': async (side) => {
    for (let i = 0; i < FLUSHES; i++) await flushed(side, NAMES[i % FEATURES] ?? '', 20, 0.01);
  },
  'flush of 1,000 jobs': async (side) => {
    for (let i = 0; i < FLUSHES / 10; i++) await flushed(side, NAMES[i % FEATURES] ?? '', 1_000, 0.01);
  },
  'tick over 100 features: read and judge': judged,
  '100,000 decisions': async ({ isEligible }) =>
    ids.filter((id, place) => isEligible(NAMES[place % FEATURES] ?? '', id)).length,
};

/** Milliseconds of the program and of its backend. */
interface Spent {
  program: number;
  backend: number;
}

async function spent(side: Side, work: (side: Side) => Promise<unknown>): Promise<Spent> {
  const [own, backend] = [process.cpuUsage(), cpuOf(side.pid)];
  await work(side);
  const { user, system } = process.cpuUsage(own);
  return { program: (user + system) / 1_000, backend: cpuOf(side.pid) - backend };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function compare(sides: readonly Side[]): Promise<void> {
  const table = new Table({
    head: ['work', 'there: program, backend', 'here: program, backend', 'here is'],
    style: { head: [], border: [] },
  });
  for (const [name, work] of Object.entries(WORK)) {
    if (!name.includes(WANTED)) continue;
    const found = sides.map((): Spent[] => []);
    for (let turn = -2; turn < TURNS; turn++) {
      // Each begins in turn.
      for (let i = 0; i < sides.length; i++) {
        const place = (i + turn + 2) % sides.length;
        const one = await spent(sides[place] as Side, work);
        if (turn >= 0) found[place]?.push(one);
      }
    }
    const [there, ...others] = found.map((all) => ({
      text: `${median(all.map((one) => one.program)).toFixed(0)}, ${median(all.map((one) => one.backend)).toFixed(0)} ms`,
      ms: median(all.map((one) => one.program + one.backend)),
    }));
    const cells = others.flatMap(({ text, ms }) => [text, `${(ms / (there?.ms ?? 1)).toFixed(2)} x`]);
    table.push([name, there?.text, ...cells]);
    console.error(`${name}: ${[there?.text, ...cells].join('; ')}`);
  }
  console.log(`${TURNS} turns, load ${loadavg()[0]?.toFixed(0)}\n${table.toString()}`);
}

const [there, here] = [await modulesOf(resolve(OTHER)), await modulesOf(HERE)];
await there.withDatabase(async (_, thereUrl) => {
  await here.withDatabase(async (__, hereUrl) => {
    const sides = [await made(there, thereUrl), await made(here, hereUrl)];
    await compare(sides);
    for (const side of sides) await side.close();
  });
});
