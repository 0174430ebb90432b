import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { parseActionSource, workflowFor } from '../../../src/app/setup/init-workflows.ts';
import { importRows, repository } from '../data/features.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from '../database/database.ts';
import { bareAt } from '../github/bare.ts';
import { type FakeGithub, type FakeRepository, fakeGithub } from '../github/index.ts';
import { type GithubEvent, type Host, type Ran, runWorkflow } from './runner.ts';
import { shippedWorkflow } from './shipped.ts';

export interface ShopOptions {
  text: string;
  isPrivate?: boolean;
  /** As on a server of one's own. */
  enterprise?: boolean;
  /** As `rollout init` writes the workflows into another repository. */
  written?: boolean;
  /** No reader's URL: a plan compares files. */
  withoutReader?: boolean;
  vars?: Record<string, string>;
  /** Path of the file in the repository; by default rollout.yaml. */
  file?: string;
  /** Workflows, environments and secrets as `rollout init --environment` names them. */
  environment?: string;
  /** The same repository on the same GitHub as that of another shop, which has another database. */
  beside?: Shop;
  /** A database without tables, of which the workflows have the owner's URL. */
  unmigrated?: boolean;
  /** The Node that runs the action. */
  node?: string;
  /** Changes a workflow, as a person does who edits the file that init has written. */
  edited?: (workflow: string) => string;
}

/** A repository on a GitHub of our own with a database, and people who use both only by workflows. */
export interface Shop {
  github: FakeGithub;
  repo: FakeRepository;
  db: TestDatabase;
  /** Opens a pull request that changes the file, and runs its plan. */
  propose(text: string, options?: { title?: string; fork?: string }): Promise<{ number: number; ran: Ran }>;
  /** Another commit on a pull request, and its plan; null takes the file away. */
  amend(number: number, text: string | null): Promise<Ran>;
  /** The plan once more. */
  plan(number: number, fork?: boolean): Promise<Ran>;
  /** The plan of what a merge queue tries: these commits on top of main. */
  queue(sha: string): Promise<Ran>;
  /** A person merges; what the push starts. */
  merge(number: number): Promise<Ran>;
  /** A person's commit on the default branch; what the push starts. */
  push(files: Record<string, string>): Promise<Ran>;
  reconcile(inputs?: Record<string, unknown>): Promise<Ran>;
  tick(): Promise<Ran>;
  stop(inputs: Record<string, unknown>, ref?: string): Promise<Ran>;
  operate(inputs: Record<string, unknown>): Promise<Ran>;
  /** A run of any workflow, as after an event. */
  dispatch(workflow: string, inputs?: Record<string, unknown>): Promise<Ran>;
  /** What the workflows of all runs gave to the action. */
  given: Record<string, string>[];
  report(): Promise<Ran>;
  /** What is live: percentage, or off, or stopped. */
  live(feature: string): Promise<string>;
  /** Bodies of our comments on a pull request. */
  comments(number: number): string[];
  /** Everything that anybody could read of all this holds neither password nor token. */
  expectNoSecrets(): void;
}

export async function shop(options: ShopOptions): Promise<Shop> {
  const { file = 'rollout.yaml', environment = null, beside } = options;
  const github = beside?.github ?? (await fakeGithub());
  const repo = beside?.repo ?? (await hosted(github, options));
  if (beside) await repo.commit({ [file]: options.text });
  const db = options.unmigrated ? await emptyDatabase() : await testDatabase();
  if (!options.unmigrated) await fill(db);
  const reader = await login(db, 'rollout_reader');
  const writer = options.unmigrated
    ? { url: db.connectionString, secrets: [] }
    : await login(db, 'rollout_controller');
  const own = environment === null ? 'rollout' : `rollout-${environment}`;
  const written = options.written || environment !== null || file !== 'rollout.yaml';
  const readerSecret =
    environment === null
      ? 'ROLLOUT_READER_DATABASE_URL'
      : `ROLLOUT_${environment.toUpperCase()}_READER_DATABASE_URL`;
  const given: Record<string, string>[] = [];
  const tokens: string[] = [];
  const told: string[] = [];
  const host: Host = {
    ...{ name: 'acme/shop', defaultBranch: 'main', isPrivate: options.isPrivate ?? true, dir: repo.dir },
    environment(powers) {
      const token = github.token({ metadata: 'read', ...powers });
      tokens.push(token);
      return github.environment('acme/shop', { token, enterprise: options.enterprise ?? false });
    },
    secrets: options.withoutReader ? {} : { [readerSecret]: reader.url },
    environmentSecrets: {
      [own]: { ROLLOUT_DATABASE_URL: writer.url },
      [`${own}-operate`]: { ROLLOUT_DATABASE_URL: writer.url },
    },
    vars: options.vars ?? {},
    ...(options.node === undefined ? {} : { node: options.node }),
  };

  async function run(name: string, event: Omit<GithubEvent, 'actor'> & { actor?: string }): Promise<Ran> {
    const shipped = await shippedWorkflow(name);
    const action = parseActionSource(`acme/rollout@${'0123456789'.repeat(4)}`);
    const text = written ? workflowFor(shipped, { action, branch: 'main', file, environment }) : shipped;
    const ran = await runWorkflow(`${name}.yml`, options.edited?.(text) ?? text, host, {
      actor: 'ada',
      ...event,
    });
    for (const { steps } of Object.values(ran.jobs)) given.push(...steps.map((step) => step.given));
    told.push(ran.raw, ran.summary, JSON.stringify(ran.outputs), JSON.stringify(ran.annotations));
    return ran;
  }

  const tip = async () => (await repo.tip()) ?? '';
  const onMain = async (name: string, payload: object) => {
    return { name, payload: { ...payload }, ref: 'refs/heads/main', sha: await tip() };
  };
  const dispatch = async (workflow: string, inputs: Record<string, unknown> = {}, ref = 'refs/heads/main') =>
    run(workflow, { ...(await onMain('workflow_dispatch', {})), inputs, ref });

  async function plan(number: number, fork = false): Promise<Ran> {
    const pull = repo.pulls().find((one) => one.number === number);
    if (!pull) throw new Error(`there is no pull request ${number}`);
    const sha = await trialMerge(repo, number);
    const head = {
      sha: (await bareAt(repo.dir).commitAt(pull.head)) ?? '',
      repo: { full_name: fork ? 'eve/shop' : 'acme/shop' },
    };
    const pull_request = { number, head, base: { ref: pull.base } };
    return run('plan', {
      name: 'pull_request',
      payload: { pull_request },
      ref: `refs/pull/${number}/merge`,
      sha,
      fork,
    });
  }

  async function pushed(before: string): Promise<Ran> {
    return run('reconcile', await onMain('push', { before, after: await tip() }));
  }

  return {
    ...{ github, repo, db, plan, dispatch, given },
    async propose(text, { title = 'change', fork } = {}) {
      const head = `change-${repo.pulls().length + 1}`;
      await branchOff(repo, head);
      await repo.commit({ [file]: text }, { branch: head, message: title });
      const { number } = await repo.openPull({ head, title, ...(fork ? { fork } : {}) });
      return { number, ran: await plan(number, fork !== undefined) };
    },
    async amend(number, text) {
      const pull = repo.pulls().find((one) => one.number === number);
      await repo.commit({ [file]: text }, { branch: pull?.head ?? '', message: 'mended' });
      return plan(number);
    },
    async queue(sha) {
      const merge_group = { base_sha: await tip(), base_ref: 'refs/heads/main' };
      const ref = 'refs/heads/gh-readonly-queue/main/pr-1';
      return run('plan', { name: 'merge_group', payload: { merge_group }, ref, sha });
    },
    async merge(number) {
      const before = await tip();
      await repo.mergePull(number);
      return pushed(before);
    },
    async push(files) {
      const before = await tip();
      await repo.commit(files);
      return pushed(before);
    },
    reconcile: (inputs = {}) => dispatch('reconcile', inputs),
    tick: async () => run('health', await onMain('schedule', { schedule: '7,22,37,52 * * * *' })),
    stop: (inputs, ref) => dispatch('emergency-stop', inputs, ref),
    operate: (inputs) => dispatch('operate', inputs),
    report: () => dispatch('report', {}),
    async live(feature) {
      const [row] = await db.rows(
        `select rollout_percentage::float8 as at, is_active, emergency_stop from rollout_configuration where feature_name = $1`,
        [feature],
      );
      if (!row) return 'nowhere';
      if (row.emergency_stop) return 'stopped';
      return row.is_active ? `${row.at}%` : 'off';
    },
    comments: (number) => repo.comments(number).map(({ body }) => body),
    expectNoSecrets() {
      const all = [
        ...told,
        JSON.stringify([repo.issues(), repo.pulls(), repo.deployments()]),
        ...[...repo.issues(), ...repo.pulls()].flatMap(({ number }) =>
          repo.comments(number).map(({ body }) => body),
        ),
      ].join('\n');
      for (const secret of [...writer.secrets, ...reader.secrets, ...tokens])
        expect(all).not.toContain(secret);
    },
  };
}

function hosted(github: FakeGithub, { file = 'rollout.yaml', text, isPrivate = true }: ShopOptions) {
  const files = { [file]: text, 'README.md': '# Shop\n' };
  return github.repository('acme/shop', { files, private: isPrivate });
}

/** The registry that every shop has. */
export async function fill(db: TestDatabase): Promise<void> {
  await importRows(db.pool, [
    repository('r1', { name: 'acme/one', star_count: 5 }),
    repository('r2', { name: 'acme/two', star_count: 9_000 }),
    repository('r3', { name: 'acme/three', star_count: 70 }),
    repository('r4', { name: 'acme/sandbox' }),
  ]);
}

/** A user of the database with a password that has everything in it that could be mistaken. */
async function login(db: TestDatabase, role: string): Promise<{ url: string; secrets: string[] }> {
  const name = `shop_${randomBytes(6).toString('hex')}`;
  const password = `p@s:s/${randomBytes(9).toString('hex')}?#%`;
  await db.pool.query(`create role ${name} login password '${password}' in role ${role}`);
  const url = new URL(db.connectionString);
  Object.assign(url, { username: name, password: encodeURIComponent(password) });
  return { url: url.href, secrets: [url.href, password, encodeURIComponent(password)] };
}

/** A branch at the tip of the default branch. */
async function branchOff(repo: FakeRepository, branch: string): Promise<void> {
  const bare = bareAt(repo.dir);
  await bare.move(`refs/heads/${branch}`, await bare.commitAt('refs/heads/main'), null);
}

/** The commit that GitHub checks out for a pull request: what merging it would give. */
async function trialMerge(repo: FakeRepository, number: number): Promise<string> {
  const bare = bareAt(repo.dir);
  const pull = repo.pulls().find((one) => one.number === number);
  const [base, head] = [await bare.commitAt(pull?.base ?? ''), await bare.commitAt(pull?.head ?? '')];
  if (!base || !head) throw new Error(`pull request ${number} has no branch`);
  const tree = await bare.mergedTree(base, head);
  if (tree === null) throw new Error(`pull request ${number} conflicts`);
  const github = { name: 'GitHub', email: 'noreply@github.com' };
  const sha = await bare.writeCommit(tree, [base, head], `Merge ${head} into ${base}`, github);
  await bare.text('update-ref', `refs/pull/${number}/merge`, sha);
  return sha;
}
