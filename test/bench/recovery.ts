import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Table from 'cli-table3';
import pg from 'pg';
import { migrate } from '../../src/store/db/migrate.ts';
import { useEmbedded } from '../../src/store/embedded/embedded.ts';
import { recordOutcomes } from '../../src/store/outcomes/outcomes.ts';

/**
 * How long an operator waits: from the beginning of what they do to nobody being in, and back. Whole commands, each
 * a process of its own, on a git repository and a server of this machine.
 *
 *   npx tsx test/bench/recovery.ts [rounds]
 */
const ROUNDS = Number(process.argv[2] ?? 5);
const ROOT = join(import.meta.dirname, '../..');
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const FILE = `version: 1
features:
  checkout: { percentage: 25, steps: playbook }
`;
const IDENTITY = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com' };

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rollout-recovery-')));
chmodSync(folder, 0o755);
const work = join(folder, 'work');
const embedded = await useEmbedded(join(folder, 'server'), { durable: true });
const environment = {
  ...process.env,
  ...IDENTITY,
  ...{ GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.com', GIT_CONFIG_GLOBAL: '/dev/null' },
  DATABASE_URL: embedded.connectionString,
};
const pool = new pg.Pool({ connectionString: embedded.connectionString, max: 2 });
pool.on('error', () => {}); // the server may stop before the last connection is closed
const times = new Map<string, number[]>();

try {
  const client = new pg.Client(embedded.connectionString);
  await client.connect();
  await migrate(client);
  await client.end();
  mkdirSync(work);
  git('init', '--quiet', '--initial-branch=main');
  writeFileSync(join(work, 'rollout.yaml'), FILE);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'first');
  rollout('reconcile');
  for (let round = 0; round < ROUNDS; round++) await oneRound();
  const table = new Table({
    head: ['from its beginning to its end', 'median', 'slowest'],
    style: { head: [], border: [] },
  });
  for (const [what, all] of times) {
    const sorted = all.sort((a, b) => a - b);
    table.push([what, text(sorted[Math.floor(sorted.length / 2)]), text(sorted.at(-1))]);
  }
  console.log(table.toString());
} finally {
  await pool.end();
  await embedded.leave();
  rmSync(folder, { recursive: true, force: true });
}

async function oneRound(): Promise<void> {
  await timed('stop in SQL: nobody is in', () =>
    pool.query(`select rollout_emergency_stop('checkout', 'bench')`),
  );
  await back();
  await timed('rollout stop: nobody is in', async () => rollout('stop', 'checkout', '--reason', 'bench'));
  await back();
  await timed('rollout rollback: nobody is in, and the file says so', async () =>
    rollout('rollback', 'checkout', '--reason', 'bench'),
  );
  await back();
  await recordHarm();
  await timed('a tick that finds harm: nobody is in, and the file says so', async () => rollout('tick'));
  await back();
}

/** On again, by a commit that a person asks for and the reconcile that applies it. */
async function back(): Promise<void> {
  await timed('rollout resume and reconcile: live again', async () => {
    rollout('resume', 'checkout', '--percentage', '25', '--reason', 'bench', '--yes');
    rollout('reconcile');
  });
  const { rows } = await pool.query(
    `select is_active and not emergency_stop as live from rollout_configuration`,
  );
  if (rows[0]?.live !== true) throw new Error('it did not come back');
}

/** 20 jobs of the present epoch, of which half failed. */
async function recordHarm(): Promise<void> {
  const { rows } = await pool.query<{ epoch: number }>(`select epoch from rollout_configuration`);
  const sum = {
    ...{ feature: 'checkout', subject: 's1', processor: 'inngest', arm: 'treatment' as const, job_class: '' },
    ...{ category: '', epoch: rows[0]?.epoch ?? 1, window: Date.now(), jobs: 20, errors: 10, timed_jobs: 0 },
    ...{ processing_ms: 0, last_error: null, last_error_at: 0 },
  };
  await recordOutcomes(pool, randomUUID(), { sums: [sum], errors: [] });
}

async function timed(what: string, does: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await does();
  times.set(what, [...(times.get(what) ?? []), performance.now() - start]);
}

function rollout(...args: string[]): void {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', TSX, join(ROOT, 'src/cli/main.ts'), ...args],
    {
      cwd: work,
      env: environment,
      encoding: 'utf8',
    },
  );
  if (status === 1 || status === null) throw new Error(`rollout ${args.join(' ')}: ${stderr}`);
}

function git(...args: string[]): void {
  execFileSync('git', args, { cwd: work, env: environment });
}

function text(ms: number | undefined): string {
  if (ms === undefined) return '-';
  return ms < 100 ? `${ms.toFixed(1)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
