import { describe, expect, it } from 'vitest';
import { openController, openForStop } from '../../../src/compose/controller.ts';
import { openGithubOf } from '../../../src/compose/environment/github.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { fakeGithub } from '../../helpers/github/index.ts';
import { cli } from '../../helpers/processes/cli.ts';
import { temporaryFolder } from '../../helpers/projects/git.ts';
import { fileOf } from '../../helpers/projects/project.ts';

const TEXT = fileOf({ one: { percentage: 25 }, two: { percentage: 5 } });
const github = await fakeGithub();
const shop = await github.repository('acme/shop', {
  files: { 'rollout.yaml': TEXT, 'a/rollout.yaml': 'a\n' },
});
const variables = github.environment('acme/shop');

function opened(file: string, environment: Record<string, string | undefined> = variables) {
  return openGithubOf({ file, environment, log: () => {} });
}

describe('the repository that the environment names', () => {
  it('the file is read from GitHub only if every variable is set; else the command line keeps its working tree', async () => {
    for (const name of Object.keys(variables)) {
      expect([name, await opened('rollout.yaml', { ...variables, [name]: undefined })]).toEqual([name, null]);
      expect([name, await opened('rollout.yaml', { ...variables, [name]: ' ' })]).toEqual([name, null]);
    }
    expect(await opened('rollout.yaml')).not.toBeNull();
  });

  it('the file has the same path on GitHub as in the checkout', async () => {
    const tipOf = async (file: string, more = {}) => {
      const room = await opened(file, { ...variables, ...more });
      return (await room?.configuration.readTip())?.path;
    };
    expect(await tipOf('./a/rollout.yaml')).toBe('a/rollout.yaml');
    const GITHUB_WORKSPACE = await temporaryFolder();
    expect(await tipOf(`${GITHUB_WORKSPACE}/a/rollout.yaml`, { GITHUB_WORKSPACE })).toBe('a/rollout.yaml');
    expect(await tipOf('a/rollout.yaml', { GITHUB_WORKSPACE })).toBe('a/rollout.yaml');
    await expect(opened('../rollout.yaml')).rejects.toMatchObject({ code: 'usage' });
    await expect(opened('/elsewhere/rollout.yaml')).rejects.toMatchObject({ code: 'usage' });
  });

  it('a malformed repository name or API URL is refused', async () => {
    for (const GITHUB_REPOSITORY of ['shop', 'acme/shop/more', '/shop']) {
      await expect(opened('rollout.yaml', { ...variables, GITHUB_REPOSITORY })).rejects.toMatchObject({
        code: 'usage',
      });
    }
    const GITHUB_API_URL = 'api.github.com';
    await expect(opened('rollout.yaml', { ...variables, GITHUB_API_URL })).rejects.toMatchObject({
      code: 'usage',
    });
  });

  it('a malformed repository name does not prevent a stop', async () => {
    const { connectionString } = await testDatabase();
    const said: string[] = [];
    const environment = { ...variables, DATABASE_URL: connectionString, GITHUB_REPOSITORY: 'nonsense' };
    const settings = {
      file: `${await temporaryFolder()}/rollout.yaml`,
      environment,
      log: (line: string) => said.push(line),
    };
    await expect(openController(settings)).rejects.toMatchObject({ code: 'usage' });
    const controller = await openForStop(settings);
    expect(controller.tracker).toBeNull();
    expect(said).toEqual([expect.stringContaining('GitHub was not notified')]);
    expect(await controller.store.incidents.stop(null, 'x', 'ada')).toEqual({ stopped: [], already_off: [] });
    await controller.close();
  });
});

describe('the command line in a workflow', () => {
  it('the command line in a workflow reconciles, stops with an issue, writes back and edits the file on GitHub', async () => {
    const { connectionString } = await testDatabase();
    const cwd = await temporaryFolder();
    const env = { ...variables, DATABASE_URL: connectionString, ROLLOUT_ACTOR: 'github:ada' };
    const rollout = (...args: string[]) => cli(args, { cwd, env });
    expect(await rollout('reconcile')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 changes'),
    });
    expect(await rollout('stop', 'one', '--reason', 'payments fail')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('one is stopped'),
    });
    expect(shop.issues()).toMatchObject([{ state: 'open', title: 'one was stopped from 25% (incident 1)' }]);
    const tick = await rollout('tick');
    expect(tick).toMatchObject({ code: 0, stdout: expect.stringContaining('write-back of one: done') });
    expect(shop.issues()).toMatchObject([{ state: 'closed' }]);
    const set = await rollout('set', 'two', '3', '--via', 'pull_request');
    expect(set.stdout).toContain('proposed in #2');
    expect(set.code).toBe(0);
    expect(await shop.file('rollout.yaml', 'rollout/set/two')).toContain('"percentage":3');
    for (const { stdout, stderr } of [tick, set])
      expect(stdout + stderr).not.toContain(variables.GITHUB_TOKEN);
  });
});
