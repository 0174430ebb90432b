import { describe, expect, it } from 'vitest';
import type { Fault } from '../helpers/github/faults.ts';
import {
  type GithubWorld,
  githubWorld,
  HARM,
  IMPATIENT,
  type RoomOptions,
} from '../helpers/projects/github-world.ts';
import { patience } from '../helpers/run/pace.ts';

const COMMENTED = `# Ours, by hand.
version: 1
defaults: { rollback: { fuse: false } }

features:
  # The one that matters.
  one:   # see the wiki
    active:     true    # on since May
    percentage: 25      # a quarter
  two: { percentage: 5 }   # quiet
`;
const LOWERED = COMMENTED.replace('true    # on', 'false    # on').replace('25      # a', '0      # a');

/** What there is of a rollback of `one`, wherever one could look. */
async function found({ shop, live, states }: GithubWorld) {
  return {
    live: await live('one'),
    incidents: await states(),
    file: await shop.file('rollout.yaml'),
    ours: (await shop.commits()).filter(({ message }) => message.includes('Rollout-Incident: 1')).length,
    pulls: shop.pulls().length,
    issues: shop.issues().map(({ state }) => state),
  };
}

const DONE = {
  live: false,
  incidents: ['one settled done'],
  file: LOWERED,
  ours: 1,
  pulls: 0,
  issues: ['closed'],
};
const PENDING = { live: false, incidents: ['one open pending'], file: COMMENTED, ours: 0, pulls: 0 };

describe('a rollback written back to GitHub', () => {
  it('a rollback acts in the database first, then makes one commit of the intended lines and one issue', async () => {
    const world = await githubWorld(COMMENTED);
    await world.record('one', HARM);
    const result = await world.tick();
    expect(result.written_back).toMatchObject([{ feature: 'one', state: 'done', error: null }]);
    expect(result.problems).toEqual([]);
    expect(await found(world)).toEqual(DONE);
    const [commit] = await world.shop.commits();
    expect(commit).toMatchObject({ author: { name: 'github-actions[bot]' } });
    expect(commit?.message).toMatch(/^Roll back one\n\none: .*15 of 20/s);
    expect(commit?.message).toMatch(/\nRollout-Incident: 1\nRollout-History: [0-9a-f]{64}$/);
    expect(world.shop.issues()[0]?.title).toBe('one was rolled back from 25% (incident 1)');
    // Once more it is looked whether another run made the same issue.
    await world.tick();
    world.github.requests.length = 0;
    await world.tick();
    expect(await found(world)).toEqual(DONE);
    // Nothing is written, and what is done is not asked for again.
    expect(world.github.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(world.github.asked('issues/get')).toBe(0);
  });

  it('rollbacks of one tick share a commit that leaves a person’s other lines alone', async () => {
    const world = await githubWorld(COMMENTED);
    await world.record('one', HARM);
    await world.record('two', HARM);
    const edited = `${COMMENTED}  three: { active: false }\n`.replace('on since May', 'on since June');
    world.github.fault({
      on: 'graphql/createCommitOnBranch',
      before: () => world.shop.commit({ 'rollout.yaml': edited, 'README.md': '# Our shop\n' }),
    });
    await world.tick();
    const messages = (await world.shop.commits()).map(({ message }) => message.split('\n')[0]);
    expect(messages).toEqual(['Roll back one, two', 'change', 'begin']);
    expect(await world.shop.file('rollout.yaml')).toBe(
      edited
        .replace('true    # on', 'false    # on')
        .replace('25      # a', '0      # a')
        .replace('{ percentage: 5 }', '{ percentage: 0, active: false }'),
    );
    expect(await world.shop.file('README.md')).toBe('# Our shop\n');
    expect(world.shop.issues()).toHaveLength(2);
  });
});

describe('one fault on the way, and all is as it should be after the same tick', () => {
  const commit = 'graphql/createCommitOnBranch';
  const cases: Record<string, Fault & { room?: RoomOptions }> = {
    'the commit answered with 502': { on: commit, status: 502 },
    'the answer to the commit lost': { on: commit, lost: true },
    'the commit made, but answered with 500': { on: commit, done_but: 500 },
    'the connection reset before the commit': { on: commit, reset: true },
    'the commit late': { on: commit, delay: 300 },
    'the hour’s requests used up for a moment': { on: commit, limit: 'primary', seconds: 3 },
    'too many requests at a time': { on: commit, limit: 'secondary', seconds: 20 },
    'the commit hung': {
      on: commit,
      hang: true,
      room: { limits: { ...IMPATIENT, request: patience(3_000), call: patience(40_000) } },
    },
    'two reads failed': { on: 'git/get-ref', status: 503, times: 2 },
    'reading the file was cut': { on: 'git/get-blob', reset: true },
    'reading limited': { on: 'git/get-tree', limit: 'secondary', seconds: 5 },
    'the list of issues answered with 500': { on: 'issues/list-for-repo', status: 500 },
  };
  it.each(Object.entries(cases))(
    'one tick finishes the rollback, the commit and the issue despite one fault: %s',
    async (_name, { room, ...fault }) => {
      const world = await githubWorld(COMMENTED);
      await world.record('one', HARM);
      world.github.fault(fault);
      const result = await world.tick(room);
      expect(result.problems).toEqual([]);
      expect(await found(world)).toEqual(DONE);
      await world.tick();
      expect(await found(world)).toEqual(DONE);
    },
  );
});

describe('GitHub away for a whole tick, and the next one finishes', () => {
  const cases: Record<
    string,
    { fault: Fault | ((world: GithubWorld) => Fault); says: RegExp; room?: RoomOptions }
  > = {
    'every request cut': { fault: { on: '*', reset: true, times: Infinity }, says: /cannot be reached/ },
    'every request hung': {
      fault: { on: '*', hang: true, times: Infinity },
      says: /no answer/,
      room: { limits: { request: 300, call: 900, second: 1 } },
    },
    'every request answered with 503': {
      fault: { on: '*', status: 503, times: Infinity },
      says: /answered 503/,
    },
    'the hour’s requests used up': {
      fault: { on: '*', limit: 'primary', seconds: 1_000_000, times: Infinity },
      says: /no more requests before/,
    },
    'the points of GraphQL used up': {
      fault: { on: 'graphql/createCommitOnBranch', limit: 'primary', seconds: 1_000_000, times: Infinity },
      says: /no more requests before/,
    },
    'the points of GraphQL used up on a server of one’s own': {
      fault: { on: 'graphql/createCommitOnBranch', limit: 'primary', seconds: 1_000_000, times: Infinity },
      says: /no more requests before/,
      room: { enterprise: true },
    },
    'the commits hung': {
      fault: { on: 'graphql/createCommitOnBranch', hang: true, times: Infinity },
      says: /no answer/,
      room: { limits: IMPATIENT },
    },
    'the branch moved again and again': {
      fault: ({ shop }) => ({
        on: 'graphql/createCommitOnBranch',
        before: () => shop.commit({ 'other.txt': String(Math.random()) }),
        times: Infinity,
      }),
      says: /main moved 5 times/,
    },
  };
  it.each(Object.entries(cases))(
    'a rollback stays live while GitHub is away, and the next tick finishes the write-back: %s',
    async (_name, { fault, says, room }) => {
      const world = await githubWorld(COMMENTED);
      const { github } = world;
      await world.record('one', HARM);
      github.fault(typeof fault === 'function' ? fault(world) : fault);
      const result = await world.tick(room);
      expect(result.written_back).toMatchObject([{ state: 'pending', error: expect.stringMatching(says) }]);
      expect(result.heartbeat).toBeInstanceOf(Date);
      expect(await found(world)).toMatchObject(PENDING);
      github.clearFaults();
      expect((await world.tick()).problems).toEqual([]);
      expect(await found(world)).toEqual(DONE);
      await world.tick();
      expect(await found(world)).toEqual(DONE);
    },
  );

  it('one request without an answer ends the other calls of that tick, and the rollback takes effect', async () => {
    const world = await githubWorld({ one: { percentage: 25 }, two: { percentage: 5 } });
    await world.record('one', HARM);
    world.github.fault({ on: '*', hang: true, times: Infinity });
    world.github.requests.length = 0;
    const result = await world.tick({ limits: { request: 200, call: 2_000, second: 1 } });
    expect(result.reconcile_error?.message).toContain('no answer');
    // Three attempts of the first read, and nothing else was asked for.
    expect(world.github.requests).toHaveLength(3);
    expect(await world.live('one')).toBe(false);
    expect(result.heartbeat).toBeInstanceOf(Date);
  });
});

describe('a token that may not', () => {
  it('a token that may not commit leaves the write-back pending with the missing permission, until one may', async () => {
    const world = await githubWorld(COMMENTED);
    await world.record('one', HARM);
    const token = world.github.token({ contents: 'read', issues: 'write', 'pull-requests': 'write' });
    const result = await world.tick({ token });
    expect(result.written_back[0]?.error).toContain('Resource not accessible by integration');
    expect(await found(world)).toMatchObject({ ...PENDING, issues: ['open'] });
    expect(world.shop.issues()[0]?.body).toContain('is not written back yet');
    await world.tick();
    expect(await found(world)).toEqual(DONE);
  });

  it('a token that may not write issues still writes back, and the issue follows with a better token', async () => {
    const world = await githubWorld(COMMENTED);
    await world.record('one', HARM);
    const token = world.github.token({ contents: 'write', issues: 'read', deployments: 'write' });
    const result = await world.tick({ token });
    expect(result.problems).toEqual([expect.stringContaining('the issue of incident 1 (one) waits: ')]);
    expect(result.problems[0]).toContain('permissions: ');
    expect(await found(world)).toMatchObject({ ...DONE, issues: [] });
    expect((await world.tick()).problems).toEqual([]);
    expect(await found(world)).toEqual(DONE);
  });

  it('a revoked token fails the tick with an error that names the variable and never its value', async () => {
    const world = await githubWorld(COMMENTED);
    await world.record('one', HARM);
    const token = world.github.token();
    world.github.revoke(token);
    const result = await world.tick({ token });
    expect(result.reconcile_error).toEqual({
      code: 'github_refused',
      message: expect.stringContaining('GitHub answered 401: Bad credentials'),
      hint: expect.stringContaining('GITHUB_TOKEN'),
    });
    expect(JSON.stringify(result)).not.toContain(token);
    expect(await found(world)).toMatchObject(PENDING);
  });
});

describe('the issue of an incident', () => {
  it.each([
    ['its creation answered with 502', { on: 'issues/create', status: 502 }],
    ['the answer to its creation lost', { on: 'issues/create', lost: true }],
    ['its creation cut', { on: 'issues/create', reset: true }],
    ['the closing comment lost', { on: 'issues/create-comment', lost: true }],
    ['its closing lost', { on: 'issues/update', lost: true }],
    ['too many requests for long', { on: 'issues/create', limit: 'secondary', seconds: 1_000_000 }],
  ] as [string, Fault][])(
    'an incident has one issue with one comment after the next tick: %s',
    async (_name, fault) => {
      const world = await githubWorld(COMMENTED);
      await world.record('one', HARM);
      world.github.fault(fault);
      await world.tick();
      world.github.clearFaults();
      expect(await found(world)).toMatchObject({ ...DONE, issues: expect.anything() });
      await world.tick();
      expect(await found(world)).toEqual(DONE);
      const [issue] = world.shop.issues();
      expect(issue?.labels).toEqual(['rollout-incident']);
      expect(world.shop.comments(issue?.number ?? 0).map(({ body }) => body.split('\n')[1])).toEqual([
        expect.stringMatching(/^Settled: the file agrees since [0-9a-f]{10}\.$/),
      ]);
    },
  );
});
