import { describe, expect, it } from 'vitest';
import { type GithubWorld, githubWorld } from '../helpers/projects/github-world.ts';

const FILE = { one: { percentage: 25, rollback: { via: 'pull_request' } }, two: { percentage: 25 } } as const;
const issuesOff = ({ github }: GithubWorld) => {
  for (const on of ['issues/list-for-repo', 'issues/create', 'issues/get']) {
    github.fault({ on, status: 410, message: 'Issues are disabled for this repo', times: 10_000 });
  }
};
const stop = ({ db }: GithubWorld, feature: string) =>
  db.pool.query('select rollout_emergency_stop($1, $2)', [feature, 'it burns']);

describe('a repository with issues switched off', () => {
  it('a repository with issues switched off causes one warning in total, and no tick fails for it', async () => {
    const world = await githubWorld(FILE);
    issuesOff(world);
    await stop(world, 'one');
    const first = await world.tick();
    expect(first.problems).toEqual([]);
    expect(first.warnings).toEqual([
      expect.stringMatching(/Issues are disabled.*Settings, General, Features/),
    ]);
    expect(await world.tick()).toMatchObject({ problems: [], warnings: [] });
    await stop(world, 'two');
    expect(await world.tick()).toMatchObject({ problems: [], warnings: [] });

    // Switched on, what is still open is told.
    world.github.clearFaults();
    await world.tick();
    expect(world.shop.issues().map(({ title }) => title)).toContainEqual(
      expect.stringContaining('one was stopped'),
    );
  });

  it('a repository that forbids access to issues is not taken for one with issues off and stays a problem', async () => {
    const world = await githubWorld(FILE);
    world.github.fault({ on: 'issues/list-for-repo', status: 403, message: 'Forbidden', times: 10_000 });
    await stop(world, 'one');
    expect(await world.tick()).toMatchObject({ problems: [expect.stringContaining('403')], warnings: [] });
  });
});

describe('a token that may not write deployments', () => {
  it('a token that may not write deployments causes one warning per change, and no tick fails for it', async () => {
    const world = await githubWorld(FILE);
    const message = 'Resource not accessible by integration';
    world.github.fault({ on: 'repos/create-deployment', status: 403, message, times: 10_000 });
    await stop(world, 'one');
    const first = await world.tick();
    expect(first.problems).toEqual([]);
    expect(first.warnings).toEqual([expect.stringContaining('accepts no deployments from this token')]);
    expect(await world.tick()).toMatchObject({ problems: [], warnings: [] });
  });
});
