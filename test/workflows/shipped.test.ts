import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseActionSource, WORKFLOWS, workflowFor } from '../../src/app/setup/init-workflows.ts';
import { POSTGRES_VERSIONS } from '../helpers/database/postgres-versions.ts';
import { githubLanguage } from '../helpers/workflow/language.ts';
import { readWorkflow, type Workflow } from '../helpers/workflow/read.ts';

const root = join(import.meta.dirname, '../..');
const textOf = (path: string) => readFile(join(root, path), 'utf8');
const action = parse(await textOf('action.yml'));
/** Workflows about this project itself; `rollout init` writes the others. */
const OURS = ['ci', 'codeql', 'nightly', 'release', 'workflow-lint'];
const shipped = await Promise.all(
  [...WORKFLOWS, ...OURS].map(async (name) => ({
    name: `${name}.yml`,
    text: await textOf(`.github/workflows/${name}.yml`),
  })),
);
const source = { ...parseActionSource(`acme/rollout@${'0123456789'.repeat(4)}`), version: 'v1.2.3' };
const written = shipped
  .filter(({ name }) => !OURS.includes(basename(name, '.yml')))
  .map(({ name, text }) => ({
    name: `rollout-${name}`,
    text: workflowFor(text, {
      action: source,
      branch: 'trunk',
      file: 'config/rollout.yaml',
      environment: null,
    }),
  }));
const all = [...shipped, ...written];
/** What GitHub fills in. */
const filledIn = (expression: string) => `\${{ ${expression} }}`;
/** Names differ by environment, so two environments of one repository wait for nothing of each other. */
const WORKFLOW = filledIn('github.workflow');
/** What raises exposure may wait for a reviewer, a rollback never does. */
const RAISES_OR_NOT = filledIn("inputs.operation == 'rollback' && 'rollout' || 'rollout-operate'");
const steps = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);

describe.each(all)('the workflow $name', ({ name, text }) => {
  it('GitHub’s parser reads the workflow, and each action in it is pinned by a commit or digest', async () => {
    const workflow = await readWorkflow(name, text);
    const used = [...text.matchAll(/uses: (\S+)(.*)/g)];
    expect(used).toHaveLength(steps(workflow).filter(({ uses }) => uses).length);
    for (const [, uses = '', rest = ''] of used) {
      if (uses === './') continue;
      expect(uses).toMatch(
        /^([\w.-]+\/[\w.-]+(\/[\w.-]+)?@[0-9a-f]{40}|docker:\/\/[\w.-]+\/[\w.-]+@sha256:[0-9a-f]{64})$/,
      );
      expect(rest).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
    for (const step of steps(workflow).filter(({ uses }) => uses?.startsWith('actions/checkout@'))) {
      expect(step.with).toMatchObject({ 'persist-credentials': false });
    }
  });

  it('every permission of a job is explained, and a pull request’s author gets none of the writing secrets', async () => {
    const workflow = await readWorkflow(name, text);
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) {
      for (const [power, level] of Object.entries(job.permissions ?? {})) {
        expect(text).toMatch(new RegExp(`^      ${power}: ${level} # \\w`, 'm'));
      }
    }
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    expect(Object.keys(workflow.on)).not.toContain('workflow_run');
    if ('pull_request' in workflow.on) expect(text).not.toContain('ROLLOUT_DATABASE_URL');
  });

  it('no script of the workflow contains an interpolated value', async () => {
    const workflow = await readWorkflow(name, text);
    for (const { run } of steps(workflow)) expect(run ?? '').not.toContain('${{');
  });

  it('the secret that writes is read only in an environment of the default branch', async () => {
    const { jobs } = await readWorkflow(name, text);
    for (const job of Object.values(jobs)) {
      const writes = JSON.stringify(job).includes('secrets.ROLLOUT_DATABASE_URL');
      if (writes) expect(['rollout', RAISES_OR_NOT]).toContain(job.environment);
      else expect(['github-pages', 'release', undefined]).toContain(job.environment);
    }
  });

  it('the workflow passes only inputs that the action declares', async () => {
    const own = steps(await readWorkflow(name, text)).filter(
      ({ uses }) => uses === './' || uses?.startsWith('acme/'),
    );
    expect(own).toHaveLength(OURS.includes(basename(name, '.yml')) ? 0 : 1);
    for (const { with: given = {} } of own) {
      for (const input of Object.keys(given)) expect(Object.keys(action.inputs)).toContain(input);
      expect(given.command).toMatch(/^\w+$|^\$\{\{ inputs\.operation \}\}$/);
    }
  });
});

describe('what waits for what', () => {
  it.each([
    ['plan', { group: `${WORKFLOW}-${filledIn('github.ref')}`, 'cancel-in-progress': true }],
    ['reconcile', { group: WORKFLOW, 'cancel-in-progress': false }],
    ['health', { group: WORKFLOW, 'cancel-in-progress': false }],
    [
      'operate',
      { group: `${WORKFLOW}-${filledIn('inputs.feature')}`, 'cancel-in-progress': false, queue: 'max' },
    ],
    ['report', { group: WORKFLOW, 'cancel-in-progress': false }],
    // A newer run that waits would cancel an older one: a stop waits for nothing.
    ['emergency-stop', undefined],
  ])('the workflow %s has the concurrency %j', async (name, concurrency) => {
    for (const one of all.filter((each) => each.name.endsWith(`${name}.yml`))) {
      expect((await readWorkflow(one.name, one.text)).concurrency).toEqual(concurrency);
    }
  });

  it('the health workflow runs at odd minutes, when other schedules do not', async () => {
    const { on } = await readWorkflow('health.yml', await textOf('.github/workflows/health.yml'));
    expect(on.schedule).toEqual([{ cron: '7,22,37,52 * * * *' }]);
  });

  it('the plan workflow runs on every pull request, because a required check that never runs blocks for ever', async () => {
    const { on } = await readWorkflow('plan.yml', await textOf('.github/workflows/plan.yml'));
    expect(on).toEqual({ pull_request: null, merge_group: null });
  });
});

describe('a workflow in another repository', () => {
  it('a workflow in another repository fetches the action and checks out nothing except for a plan', async () => {
    const byName = new Map(written.map(({ name, text }) => [name, text]));
    for (const [name, text] of byName) {
      expect(text).not.toContain('lives in this repository');
      expect(text).not.toContain('uses: ./');
      expect(text.includes('actions/checkout')).toBe(name === 'rollout-plan.yml');
      expect(text).toContain(`uses: acme/rollout@${source.ref} # v1.2.3\n`);
      expect(text).toContain('file: "config/rollout.yaml"\n');
    }
    const stop = await readWorkflow('stop', byName.get('rollout-emergency-stop.yml') ?? '');
    expect(Object.values(stop.jobs).map(({ permissions }) => permissions)).toEqual([undefined]);
    const reconcile = await readWorkflow('reconcile', byName.get('rollout-reconcile.yml') ?? '');
    expect(reconcile.on.push).toEqual({ branches: ['trunk'] });
    expect(reconcile.name).toBe('rollout reconcile');
  });

  it('--action accepts only OWNER/REPO@COMMIT', () => {
    for (const wrong of [
      'acme',
      'acme/rollout',
      'acme/rollout@',
      'acme/r@x # y',
      'a b/c@d',
      '../x@y',
      'a/b@x\nrun: y',
    ]) {
      expect(() => parseActionSource(wrong)).toThrow(/^--action is /);
    }
  });
});

describe('action.yml', () => {
  it('GitHub’s parser reads action.yml without an error', async () => {
    const { parseAction, NoOperationTraceWriter } = await githubLanguage();
    const file = { name: 'action.yml', content: await textOf('action.yml') };
    const { context } = parseAction(file, new NoOperationTraceWriter());
    expect(context.errors.getErrors()).toEqual([]);
  });

  it('action.yml describes every input and output and runs the bundle on the Node that GitHub has', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/action/main.js' });
    expect(action.branding).toEqual({ icon: expect.any(String), color: expect.any(String) });
    for (const one of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
      expect((one as { description: string }).description.length).toBeGreaterThan(20);
    }
    expect(Object.keys(action.outputs)).toEqual([
      'changed',
      'verdicts',
      'incident',
      'commit',
      'pull_request',
      'plan',
      'result',
    ]);
  });

  it('action.yml declares exactly the inputs that the entries read', async () => {
    const text = await textOf('src/actions/runner/inputs.ts');
    const read = [...text.matchAll(/(?:getInput|flag)\('(\w+)'/g)].map(([, name]) => name);
    expect(new Set(read)).toEqual(new Set(Object.keys(action.inputs)));
  });
});

describe('the workflow that tests this project', () => {
  it('the test workflow covers every supported PostgreSQL and Node version and three operating systems', async () => {
    const { jobs } = await readWorkflow('ci.yml', await textOf('.github/workflows/ci.yml'));
    const { node = [], postgres = [], os = [], include = [] } = jobs.test?.strategy?.matrix ?? {};
    const versions = [...postgres, ...include.map((one) => one.postgres)].map(String);
    expect(new Set(versions)).toEqual(new Set(POSTGRES_VERSIONS));
    expect(node).toEqual([20, 22, 24]);
    expect(new Set([...os, ...include.map((one) => one.os)])).toEqual(
      new Set(['ubuntu-latest', 'macos-latest', 'windows-latest']),
    );
  });
});

describe('the workflow of the night', () => {
  it('the nightly workflow runs what pull requests leave out: long runs, shuffled order, an hour of walks', async () => {
    const { jobs, on } = await readWorkflow('nightly.yml', await textOf('.github/workflows/nightly.yml'));
    expect(on.schedule).toHaveLength(1);
    expect(jobs.long?.steps).toContainEqual(
      expect.objectContaining({ run: 'bash .ci/run', env: { ROLLOUT_TEST_RUNS: 'long' } }),
    );
    const commands = Object.values(jobs).flatMap(({ steps }) => steps?.map(({ run }) => run));
    expect(commands).toContain('npm run test:unit -- --sequence.shuffle');
    expect(commands).toContain('npm run world -- --minutes 60');
  });
});

describe('a queue of a workflow, which actionlint does not know yet', () => {
  const withQueue = (queue: string) => `on: push
concurrency: { group: one, cancel-in-progress: false, queue: ${queue} }
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] } }`;

  it('GitHub’s own parser checks the queue of a workflow, which actionlint does not know yet', async () => {
    await expect(readWorkflow('queue.yml', withQueue('max'))).resolves.toBeTruthy();
    await expect(readWorkflow('queue.yml', withQueue('maxx'))).rejects.toThrow(/queue.yml is no workflow/);
  });
});
