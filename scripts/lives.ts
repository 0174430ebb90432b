/**
 * Nine days in the lives of nine features, on a real database and by the real ways: the library routes jobs and records how
 * they end, ticks judge, advance and write into a git repository, the fuse rolls back, and people stop and resume. Nothing is
 * written past them. Prints the status page at the end, the present.
 *
 * Run by scripts/screenshots.ts, under a clock that goes where this program says: seconds before the present, in the file
 * that FAKETIME_TIMESTAMP_FILE names, where ten days stand at first.
 */
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { parse } from 'yaml';
import { resumeFeature } from '../src/app/operate/resume.ts';
import { stop } from '../src/app/operate/stop.ts';
import { reconcile } from '../src/app/reconcile/reconcile.ts';
import { importSubjects } from '../src/app/registry/import-subjects.ts';
import { tick } from '../src/app/tick/tick.ts';
import { readReport } from '../src/app/views/report.ts';
import { demoRepositories, SEED } from '../src/cli/demo/data.ts';
import { type Controller, openController } from '../src/compose/controller.ts';
import { migrateDatabase } from '../src/compose/environment/database.ts';
import { readPageAssets } from '../src/compose/environment/page-assets.ts';
import { receiversOf } from '../src/compose/environment/receivers.ts';
import { poisson, seededRandom } from '../src/lib/random.ts';
import { statusPage } from '../src/report/page/page.ts';
import { createRollout, type Rollout } from '../src/runtime/index.ts';
import { useEmbedded } from '../src/store/embedded/embedded.ts';
import { gitText } from '../src/worktree/git/git.ts';
import { restartServer } from '../test/bench/database.ts';

const [folder = '', clock = process.env.FAKETIME_TIMESTAMP_FILE ?? ''] = process.argv.slice(2);
const [DAYS, REPOSITORIES, STEP_HOURS] = [9, 400, 0.25];
const FILE = join(folder, 'rollout.yaml');
const random = seededRandom(SEED);

const steps = (...soaks: [percentage: number, soak?: string][]) =>
  soaks.map(([percentage, soak]) => ({ percentage, ...(soak ? { soak, minimum_jobs: 50 } : {}) }));
const common = {
  owner: '@acme/data',
  advance: 'commit',
  costs: { inngest: { per_job: 0.0005 }, github_actions: { per_minute: 0.008 } },
};

const FEATURES: Record<string, object> = {
  hybrid_progressive_capture: {
    ...{ ...common, description: 'Route capture jobs to Inngest and GitHub Actions', percentage: 10 },
    ...{ whitelist: ['acme/sandbox'], steps: steps([10, '24h'], [25, '168h'], [50, '72h'], [100]) },
  },
  incremental_sync: {
    ...{ ...common, description: 'Only what changed since the last run', percentage: 25 },
    steps: steps([25, '24h'], [50, '48h'], [100]),
  },
  billing_export: {
    ...{ ...common, description: 'Invoices by the new exporter', percentage: 10 },
    steps: steps([10, '24h'], [25, '48h'], [50, '168h'], [100]),
  },
  search_index: {
    ...{ ...common, description: 'Index pull requests as they come', percentage: 10 },
    steps: steps([10, '24h'], [25, '48h'], [50, '168h'], [100]),
  },
  workspace_cache: {
    ...{ ...common, description: 'Keep checkouts between jobs', percentage: 10 },
    steps: steps([10, '72h'], [25, '168h'], [50]),
  },
  legacy_import: { ...common, description: 'The old importer, for those who ask', percentage: 10 },
  partner_invites: {
    ...{ description: 'Invite partners', subject: 'customer', strategy: 'whitelist' },
    whitelist: ['wonka', 'hooli'],
  },
  review_hints: { ...common, description: 'Hints in reviews', percentage: 10, paused: true },
  dark_launch: { description: 'Not yet for anybody', active: false },
};

/** Written nearer to the present. */
const LATER = {
  size_bands: {
    ...{ ...common, description: 'Larger repositories last', strategy: 'repository_size', percentage: 50 },
    steps: steps([50, '72h'], [100]),
  },
};

/** Jobs an hour of each feature. */
const JOBS: Readonly<Record<string, number>> = {
  ...{ hybrid_progressive_capture: 120, incremental_sync: 60, billing_export: 60, search_index: 80 },
  ...{ workspace_cache: 100, legacy_import: 20, review_hints: 40, size_bands: 4 },
};

/** Percent of jobs that fail so many hours before the present; control's, where it is another. */
function failing(feature: string, arm: string, ago: number): number {
  const treated = arm === 'treatment';
  if (feature === 'hybrid_progressive_capture' && ago > 175 && ago < 190) return treated ? 16 : 1;
  if (feature === 'workspace_cache' && ago < 10) return treated ? 15 : 1.3;
  if (feature === 'billing_export' && ago < 16) return 4.2;
  if (feature === 'search_index' && ago < 14) return treated ? 3.8 : 0.5;
  return feature === 'incremental_sync' ? 0.2 : 1;
}

/** Sets the time of this program, of the database and of git, which never goes back; at once, because they read it all the time. */
function setClock(hoursAgo: number): void {
  writeFileSync(`${clock}.next`, `-${Math.round(hoursAgo * 3_600)}\n`);
  renameSync(`${clock}.next`, clock);
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What a person commits, and a workflow reconciles. */
async function committed(controller: Controller, features: object, message: string): Promise<void> {
  // JSON is YAML.
  writeFileSync(FILE, `${JSON.stringify({ version: 1, environment: 'production', features }, null, 2)}\n`);
  await gitText(folder, 'add', 'rollout.yaml');
  await gitText(folder, 'commit', '--quiet', '--message', message);
  await reconcile(controller, { actor: 'mara', allowRewind: false, revision: null });
}

/** Routes the jobs of one step of time and records how they end, as an application does. */
async function work(rollout: Rollout, subjects: readonly string[], ago: number): Promise<void> {
  for (const feature of rollout.features()) {
    const jobs = poisson(random, (JOBS[feature] ?? 0) * STEP_HOURS);
    for (let job = 0; job < jobs; job++) {
      const subject = subjects[Math.floor(random() * subjects.length)] ?? '';
      const { stamp, arm } = rollout.route(feature, { subject });
      const ok = random() * 100 >= failing(feature, arm, ago);
      const durationMs = (arm === 'treatment' ? 1_800 : 2_600) * (0.5 + random());
      rollout.record({
        stamp,
        ok,
        durationMs,
        elsewhere: false,
        ...(ok ? {} : { error: 'queue: connection refused' }),
      });
    }
  }
  await rollout.flush();
}

async function ticked(controller: Controller): Promise<void> {
  const deps = { ...controller, receivers: receiversOf({}), print: () => {} };
  const result = await tick(deps, { actor: 'rollout tick', environment: {}, holder: randomUUID() });
  for (const problem of [...result.problems, result.reconcile_error?.message].filter(Boolean))
    note(`tick: ${problem}`);
}

/** What people do, by the hours before the present at which they do it. */
const DEEDS: [hoursAgo: number, (controller: Controller) => Promise<unknown>][] = [
  [
    168,
    async (controller) => {
      const how = { feature: 'hybrid_progressive_capture', percentage: 10, agree: async () => true };
      await resumeFeature(controller, { ...how, reason: 'the queue has its connections back' });
    },
  ],
  [
    5,
    async (controller) => {
      const file = parse(readFileSync(FILE, 'utf8')) as { features: object };
      await committed(controller, { ...file.features, ...LATER }, 'Larger repositories get the cache last');
    },
  ],
  [
    0.25,
    async (controller) => {
      const { told } = await stop(controller, { feature: 'legacy_import', reason: 'the vendor is down' });
      await told;
    },
  ],
];

async function live(controller: Controller, rollout: Rollout, subjects: readonly string[]): Promise<void> {
  let deeds = DEEDS;
  for (let ago = DAYS * 24; ago > 0; ago -= STEP_HOURS) {
    setClock(ago);
    // The library looks for what changed once its timers see the new time.
    await sleep(40);
    await work(rollout, subjects, ago);
    for (const [, deed] of deeds.filter(([at]) => at >= ago)) await deed(controller);
    deeds = deeds.filter(([at]) => at < ago);
    if (ago % 1 === 0 || ago < 12) await ticked(controller);
    if (ago % 6 === 0) note(`${ago} hours before the present, ${Math.round(process.uptime())} s`);
  }
  setClock(0);
  await ticked(controller);
}

mkdirSync(folder, { recursive: true });
chmodSync(folder, 0o755);
const embedded = await useEmbedded(join(folder, 'server'), { durable: false });
try {
  const { connectionString } = embedded;
  await migrateDatabase(connectionString, () => {});
  // Now by the clock of this program.
  await restartServer(embedded);
  await gitText(folder, 'init', '--quiet', '--initial-branch', 'main');
  const controller = await openController({
    file: FILE,
    environment: { DATABASE_URL: connectionString },
    log: note,
  });
  const pool = new pg.Pool({ connectionString, max: 4 });
  for (const [subject, text] of [
    ['repository', [...demoRepositories(REPOSITORIES, SEED)].join('')],
    ['customer', 'customer_id\nwonka\nhooli\ninitech\n'],
  ] as const) {
    const stream = Readable.from(Buffer.from(text));
    const how = { format: 'csv', subject, actor: 'mara', skipInvalid: false, allowMissing: false } as const;
    await importSubjects(controller.store, { stream, name: `${subject}.csv`, ...how });
  }
  await committed(controller, FEATURES, 'Roll out by file');
  const { rows } = await pool.query<{ id: string }>(
    'select repository_id as id from repository_categories order by 1',
  );
  // Minutes go by between two of its looks, however fast they come.
  const patience = { pollMs: 10, maxStaleMs: 86_400_000, now: () => Date.now(), log: note };
  const rollout = await createRollout({ pool, env: {}, flushOnExit: false, ...patience });
  await live(
    controller,
    rollout,
    rows.map(({ id }) => id),
  );
  const data = await readReport(controller, { repositoryUrl: 'https://github.com/acme/rollouts' });
  writeFileSync(join(folder, 'page.html'), statusPage(data, await readPageAssets()));
  for (const { feature, state } of data.features) note(`${feature}: ${JSON.stringify(state)}`);
  await rollout.close();
  await pool.end();
  await controller.close();
} finally {
  setClock(0);
  await embedded.leave();
}
