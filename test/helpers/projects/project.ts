import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planFile } from '../../../src/app/reconcile/plan.ts';
import { reconcile } from '../../../src/app/reconcile/reconcile.ts';
import type { ReconcileInput } from '../../../src/app/reconcile/reconcile-input.ts';
import { type Controller, openController } from '../../../src/compose/controller.ts';
import { checkedOutRevision, readConfigurationFile } from '../../../src/compose/environment/files.ts';
import type { PlanResult, ReconcileResult } from '../../../src/domain/plan/result.ts';
import type { HistoryEntry } from '../../../src/domain/report/history.ts';
import type { Verification } from '../../../src/store/configuration/history.ts';
import { retellFacts } from '../data/retell.ts';
import { type TestDatabase, testDatabase } from '../database/database.ts';
import { type CliOptions, type CliResult, cli, cliHere } from '../processes/cli.ts';
import { atEnd } from '../run/at-end.ts';
import { gitEnvironment, gitRepository, type TestRepository, temporaryFolder } from './git.ts';

// The use cases call git in this process: the developer's own configuration stays out.
Object.assign(process.env, gitEnvironment);

/** A folder with a rollout.yaml, and a database of its own. */
export type Project = {
  dir: string;
  /** Path of rollout.yaml, absolute. */
  file: string;
  db: TestDatabase;
  /** As `openController` gives it. */
  controller: Controller;
  write(text: string): Promise<void>;
  plan(): Promise<PlanResult>;
  reconcile(input?: Partial<ReconcileInput>): Promise<ReconcileResult>;
  /** Writes and reconciles. */
  apply(text: string): Promise<ReconcileResult>;
  /** Oldest first. */
  history(feature?: string): Promise<HistoryEntry[]>;
  verify(): Promise<Verification>;
  /** Runs the command line in the folder, with this database. */
  cli(args: readonly string[], options?: CliOptions): Promise<CliResult>;
};

export type GitProject = Project & {
  repository: TestRepository;
  /** Commits rollout.yaml; returns the commit. */
  commit(text: string, message?: string): Promise<string>;
};

/** A project in no repository: the file itself is the truth. */
export async function project(): Promise<Project> {
  return openProject(await temporaryFolder());
}

/** A project in a git repository on branch `main`, without any commit. */
export async function gitProject(): Promise<GitProject> {
  const repository = await gitRepository();
  const inner = await openProject(repository.dir);
  const commit = (text: string, message?: string) => repository.commit({ 'rollout.yaml': text }, message);
  return { ...inner, repository, commit };
}

/** The same database and another checkout, as a second machine has it. */
export async function openProject(dir: string, database?: TestDatabase): Promise<Project> {
  const db = database ?? (await testDatabase());
  const file = join(dir, 'rollout.yaml');
  const environment = { DATABASE_URL: db.connectionString, ROLLOUT_ACTOR: 'tester' };
  const controller = await openController({ file, environment, log: () => {} });
  atEnd(() => controller.close());
  const { store } = controller;
  const write = (text: string) => writeFile(file, text);
  const plan = async () =>
    planFile(controller, {
      path: 'rollout.yaml',
      content: await readConfigurationFile(file),
      revision: await checkedOutRevision(file),
    });
  const run = (input: Partial<ReconcileInput> = {}) =>
    reconcile(controller, { actor: 'tester', allowRewind: false, revision: null, ...input });
  return {
    ...{ dir, file, db, controller, write, plan, reconcile: run },
    apply: async (text) => {
      await write(text);
      return run();
    },
    history: (feature) =>
      store.reading(async (read) => (await read.history.list({ feature, limit: 10_000 })).reverse()),
    verify: () => store.reading((read) => read.history.verify()),
    cli: (args, options) => {
      const run = options?.stdin === undefined ? cliHere : cli;
      return run(args, { cwd: dir, ...options, env: { ...environment, ...options?.env } });
    },
  };
}

/** rollout.yaml with these features; JSON is YAML. */
export function fileOf(features: Record<string, object>, rest: object = {}): string {
  const lines = Object.entries(features).map(
    ([key, spec]) => `  ${JSON.stringify(key)}: ${JSON.stringify(spec)}`,
  );
  const head = Object.entries(rest).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const body = lines.length === 0 ? ['features: {}'] : ['features:', ...lines];
  return `${['version: 1', ...head, ...body].join('\n')}\n`;
}

/** Repositories `r1` ... named `acme/r1` ..., with the sizes of every category in turn, categorised. */
export async function addRepositories(db: TestDatabase, amount: number): Promise<void> {
  await db.pool.query(
    `insert into repository_categories (repository_id, full_name, star_count, contributor_count, pr_count)
     select 'r' || n, 'acme/r' || n, (array[0, 40, 400, 4000, 40000])[1 + n % 5], 1, 1
     from generate_series(1, $1) n`,
    [amount],
  );
  await db.pool.query('select from categorize_all_repositories()');
}

/** Where a feature stands in the database. */
export async function liveState(
  db: TestDatabase,
  feature: string,
): Promise<{ percentage: number; active: boolean; stopped: boolean } | undefined> {
  const [row] = await db.rows<{ percentage: number; active: boolean; stopped: boolean }>(
    `select rollout_percentage::float8 as percentage, is_active as active, emergency_stop as stopped
     from rollout_configuration where feature_name = $1`,
    [feature],
  );
  return row;
}

/** What a change is, in short: its action, feature, and where it stands before. */
export function brief(result: { changes: PlanResult['changes'] }): string[] {
  return result.changes.map(({ action, feature, reason }) => `${action} ${feature}: ${retellFacts(reason)}`);
}

/** Every row of every table, as one text: equal before and after means that nothing was written. */
export async function checksum(db: TestDatabase): Promise<Record<string, string>> {
  const tables = await db.rows<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname = 'public' order by 1`,
  );
  const sums: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await db.rows<{ sum: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as sum from ${name} t`,
    );
    sums[name] = row?.sum ?? '';
  }
  return sums;
}
