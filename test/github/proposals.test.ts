import { describe, expect, it } from 'vitest';
import { resumeFeature } from '../../src/app/operate/resume.ts';
import { pass } from '../helpers/data/traffic.ts';
import type { Protection } from '../helpers/github/state.ts';
import { type GithubWorld, githubWorld, HARM, roomOn } from '../helpers/projects/github-world.ts';
import { ramp } from '../helpers/projects/tick-world.ts';

const TEXT = `# Ours.
version: 1
defaults: { rollback: { fuse: false } }
features:
  one: { percentage: 25 }   # a quarter
  two: { percentage: 5 }
`;
const LOWERED = TEXT.replace('{ percentage: 25 }', '{ percentage: 0, active: false }');
const BRANCH = 'rollout/hold/one';

async function rolledBack(protection: Protection | null, world?: GithubWorld): Promise<GithubWorld> {
  const made = world ?? (await githubWorld(TEXT));
  await made.shop.protect(protection);
  await made.record('one', HARM);
  return made;
}

function pulls({ shop }: GithubWorld): string[] {
  return shop
    .pulls()
    .map(({ number, state, merged, head }) => `#${number} ${merged ? 'merged' : state} ${head}`);
}

function writes({ github }: GithubWorld): string[] {
  return github.requests
    .filter(({ method, operation }) => method !== 'GET' && !operation.startsWith('graphql/'))
    .map(({ operation }) => operation);
}

describe.each(['ruleset', 'classic'] as const)('a default branch protected by %s', (protection) => {
  it('a rollback on a protected branch gets one pull request, and merging that settles the incident', async () => {
    const world = await rolledBack(protection);
    const { shop, github } = world;
    const result = await world.tick();
    expect(result.written_back).toMatchObject([{ state: 'proposed', pull_request: 1, error: null }]);
    expect(result.problems).toEqual([]);
    expect(await world.live('one')).toBe(false);
    expect(pulls(world)).toEqual([`#1 open ${BRANCH}`]);
    expect(await shop.file('rollout.yaml')).toBe(TEXT);
    expect(await shop.file('rollout.yaml', BRANCH)).toBe(LOWERED);
    const [pull] = shop.pulls();
    expect(pull?.title).toBe('Roll back one');
    expect(pull?.body).toMatch(/^<!-- rollout: change Incident=1 -->\n\*\*one\*\* from 25% to off: /);
    expect(pull?.body).toContain('merging this changes 0 subjects');
    expect(shop.issues()).toMatchObject([
      { state: 'open', body: expect.stringContaining('waits until #1 is merged') },
    ]);

    github.requests.length = 0;
    await shop.commit({ 'README.md': '# Our shop\n' });
    await world.tick();
    expect(writes(world)).toEqual([]);
    expect(await world.states()).toEqual(['one open proposed']);

    await shop.mergePull(1);
    await world.tick();
    expect(await world.states()).toEqual(['one settled done']);
    expect(shop.issues()).toMatchObject([{ state: 'closed' }]);
    expect(await shop.tip(BRANCH)).toBeNull();
    expect(pulls(world)).toEqual([`#1 merged ${BRANCH}`]);
  });
});

describe('a pull request of ours', () => {
  it('a proposal that would conflict merges the default branch, without a force-push and without losing a line', async () => {
    const world = await rolledBack('ruleset');
    await world.tick();
    const edited = TEXT.replace('# a quarter', '# a good quarter').replace('percentage: 5', 'percentage: 7');
    await world.shop.commit({ 'rollout.yaml': edited });
    await world.tick();
    expect(await world.shop.file('rollout.yaml', BRANCH)).toBe(
      edited.replace('{ percentage: 25 }', '{ percentage: 0, active: false }'),
    );
    expect(
      world.github.requests.some(({ body }) => (body as { force?: boolean } | undefined)?.force === true),
    ).toBe(false);
    expect(pulls(world)).toEqual([`#1 open ${BRANCH}`]);
    await world.shop.mergePull(1, 'squash');
    await world.tick();
    expect(await world.states()).toEqual(['one settled done']);
    expect(await world.shop.file('rollout.yaml')).toContain('percentage: 7');
  });

  it('a proposal keeps the commits that a person added to its branch', async () => {
    const world = await rolledBack('ruleset');
    await world.tick();
    const theirs = LOWERED.replace('# a quarter', '# never again');
    await world.shop.commit({ 'rollout.yaml': theirs }, { branch: BRANCH, message: 'say why' });
    await world.shop.commit({ 'README.md': '# Our shop\n' });
    await world.tick();
    expect(await world.shop.file('rollout.yaml', BRANCH)).toBe(theirs);
    await world.shop.commit({ 'rollout.yaml': TEXT }, { branch: BRANCH, message: 'no, leave it on' });
    await world.tick();
    expect(await world.shop.file('rollout.yaml', BRANCH)).toBe(LOWERED);
    expect((await world.shop.commits(BRANCH)).map(({ message }) => message.split('\n')[0])).toContain(
      'say why',
    );
    expect(pulls(world)).toEqual([`#1 open ${BRANCH}`]);
  });

  it('a proposal loses no commit that a person pushes to its branch at the same moment', async () => {
    const world = await rolledBack('ruleset');
    const { shop, github } = world;
    await world.tick();
    await shop.commit({ 'rollout.yaml': TEXT.replace('percentage: 5', 'percentage: 7') });
    github.fault({
      on: 'git/update-ref',
      before: () => shop.commit({ 'why.md': 'because\n' }, { branch: BRANCH, message: 'say why' }),
    });
    await world.tick();
    expect(await shop.file('why.md', BRANCH)).toBe('because\n');
    expect(await shop.file('rollout.yaml', BRANCH)).toContain('active: false');
    expect(pulls(world)).toEqual([`#1 open ${BRANCH}`]);
    const said: string[] = [];
    const room = roomOn(github, 'acme/shop', { surroundings: { log: (line) => said.push(line) } });
    await room.configuration.withdraw(BRANCH, 'no more');
    expect(said).toEqual([`the branch ${BRANCH} was kept: somebody else added commits to it (no more)`]);
    expect(pulls(world)).toEqual([`#1 open ${BRANCH}`]);
  });

  it('a closed proposal is reopened and a deleted branch is recreated; closing a proposal lifts no hold', async () => {
    const world = await rolledBack('ruleset');
    await world.tick();
    world.shop.closePull(1);
    await world.tick();
    expect(pulls(world)).toEqual([`#1 open ${BRANCH}`]);
    await world.shop.deleteBranch(BRANCH);
    expect(pulls(world)).toEqual([`#1 closed ${BRANCH}`]);
    await world.tick();
    expect(pulls(world)).toEqual([`#1 open ${BRANCH}`]);
    expect(await world.live('one')).toBe(false);
  });

  it('a proposal is closed with the reason when a person’s own commit makes the same change', async () => {
    const world = await rolledBack('ruleset');
    await world.tick();
    await world.shop.commit({ 'rollout.yaml': TEXT.replace('{ percentage: 25 }', '{ active: false }') });
    await world.tick();
    expect(await world.states()).toEqual(['one settled done']);
    expect(pulls(world)).toEqual([`#1 closed ${BRANCH}`]);
    expect(world.shop.comments(1)).toMatchObject([
      { body: expect.stringContaining('incident 1 is settled') },
    ]);
    expect(await world.shop.tip(BRANCH)).toBeNull();
  });

  it('each feature gets its own pull request where one commit for all is forbidden', async () => {
    const world = await githubWorld(TEXT);
    await world.record('two', HARM);
    await rolledBack('ruleset', world);
    const result = await world.tick();
    expect(result.written_back.map(({ feature, state }) => `${feature} ${state}`)).toEqual([
      'one proposed',
      'two proposed',
    ]);
    expect(pulls(world)).toEqual([`#1 open ${BRANCH}`, '#2 open rollout/hold/two']);
    await world.tick();
    expect(pulls(world)).toHaveLength(2);
  });

  it('a commit replaces the open proposal when the branch protection is lifted', async () => {
    const world = await rolledBack('ruleset');
    await world.tick();
    await world.shop.protect(null);
    await world.tick();
    expect(await world.shop.file('rollout.yaml')).toBe(LOWERED);
    expect(await world.states()).toEqual(['one settled done']);
    expect(pulls(world)).toEqual([`#1 closed ${BRANCH}`]);
  });

  it('a rollback gets exactly one pull request when any single answer on the way is lost', async () => {
    for (const on of [
      'git/create-tree',
      'git/create-commit',
      'git/create-ref',
      'pulls/create',
      'pulls/list',
    ]) {
      const world = await rolledBack('ruleset');
      world.github.fault({ on, lost: true });
      const result = await world.tick();
      expect([on, result.problems, pulls(world)]).toEqual([on, [], [`#1 open ${BRANCH}`]]);
      expect((await world.shop.commits(BRANCH)).length).toBe(2);
    }
  });
});

describe('pull requests forbidden to the token', () => {
  it('a token that may not open pull requests leaves the branch and a link for a person until it may', async () => {
    const world = await rolledBack('ruleset');
    const { shop, github } = world;
    shop.allowPullRequests(false);
    const result = await world.tick();
    const compare = `${github.url}/acme/shop/compare/main...rollout/hold/one?expand=1`;
    expect(result.written_back).toMatchObject([
      { state: 'proposed', pull_request: null, error: expect.stringContaining(compare) },
    ]);
    expect(await shop.file('rollout.yaml', BRANCH)).toBe(LOWERED);
    expect(shop.pulls()).toEqual([]);
    expect(shop.issues()).toHaveLength(1);
    expect(shop.issues()[0]?.body).toContain(`a person [opens the pull request](${compare})`);

    github.requests.length = 0;
    await world.tick();
    expect(writes(world)).toEqual(['pulls/create']);
    expect(shop.issues()).toHaveLength(1);
    expect((await shop.commits(BRANCH)).length).toBe(2);

    shop.allowPullRequests(true);
    await world.tick();
    expect(shop.pulls()).toHaveLength(1);
    expect(shop.issues()[0]?.body).toContain(`waits until #${shop.pulls()[0]?.number} is merged`);
    expect(shop.issues()[0]?.body).not.toContain(compare);
  });
});

describe('a person who resumes', () => {
  it('resuming withdraws the write-back, and the issue closes once the file raises the feature', async () => {
    const world = await rolledBack('ruleset');
    await world.tick();
    const room = roomOn(world.github, 'acme/shop');
    const deps = { ...world.controller, repository: room.configuration, actor: 'grace' };
    const outcome = await resumeFeature(deps, {
      feature: 'one',
      percentage: 20,
      reason: 'mended',
      agree: async () => true,
    });
    expect(outcome.file).toMatchObject({ state: 'proposed', branch: 'rollout/resume/one', pull_request: 3 });
    expect(pulls(world)).toEqual([`#1 closed ${BRANCH}`, '#3 open rollout/resume/one']);
    await world.tick();
    // Nobody writes back what a person is just raising again.
    expect(pulls(world)).toHaveLength(2);
    await world.shop.mergePull(3);
    await world.tick();
    expect(await world.live('one')).toBe(true);
    expect(world.shop.issues()).toMatchObject([
      { state: 'closed', body: expect.stringContaining('Resumed') },
    ]);
  });
});

describe('an advance by pull request', () => {
  it('a proposal to advance is opened once and closed by the tick in which the gate no longer holds', async () => {
    const world = await githubWorld({ one: ramp(10, { advance: 'pull_request' }) });
    await world.record('one', { jobs: 500 });
    await world.tick();
    await pass(world.db, 25 * 60);
    await world.record('one', { jobs: 10 });
    expect((await world.tick()).advanced).toMatchObject([
      { action: 'proposed', note: { code: 'step', to: 25, pull_request: 1 }, pull_request: 1 },
    ]);
    expect(world.shop.pulls()[0]?.body).toContain('```text\nFrom 10% to 25%');
    await world.tick();
    expect(pulls(world)).toEqual(['#1 open rollout/advance/one']);
    await world.record('one', { jobs: 2_000, errors: 100 });
    await world.tick();
    expect(pulls(world)).toEqual(['#1 closed rollout/advance/one']);
    expect(world.shop.comments(1)).toHaveLength(1);
  });
});
