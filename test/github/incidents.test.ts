import { describe, expect, it } from 'vitest';
import { tellIncidents } from '../../src/app/incidents/incident-issues.ts';
import { words } from '../../src/report/kept.ts';
import { ALL_POWERS } from '../helpers/github/caller.ts';
import { type GithubWorld, githubWorld, HARM, roomOn } from '../helpers/projects/github-world.ts';

function told({ shop }: GithubWorld): string[] {
  return shop.issues().map(({ number, state, title }) => `#${number} ${state} ${title}`);
}

async function tell(world: GithubWorld, token = world.github.token()): Promise<string[]> {
  const room = roomOn(world.github, 'acme/shop', { token });
  const { store } = world.controller;
  return (await tellIncidents({ store, words, repository: room.configuration, tracker: room.incidents }))
    .problems;
}

describe('incidents as issues', () => {
  it('an incident’s issue is open while the feature is held and shows the reason without its markup and mentions', async () => {
    const world = await githubWorld({ one: { percentage: 25, rollback: { via: 'pull_request' } } });
    await world.db.pool.query(
      `select rollout_emergency_stop('one', E'@ada: <b>burns</b> |\\n#7 ![x](http://evil)')`,
    );
    expect(await tell(world)).toEqual([]);
    expect(told(world)).toEqual(['#1 open one was stopped from 25% (incident 1)']);
    const body = world.shop.issues()[0]?.body ?? '';
    expect(body).toContain('| now | stopped |');
    expect(body).toContain('| before | 25% |');
    expect(body).toContain('rollout resume one --reason');
    expect(body).not.toMatch(/@ada|<b>|#7|!\[x\]|http:\/\/evil/);
    expect(await tell(world)).toEqual([]);
    expect(told(world)).toHaveLength(1);
  });

  it('a stronger incident gets an issue of its own, and the previous issue is closed with a comment that names it', async () => {
    const world = await githubWorld({ one: { percentage: 25, rollback: { via: 'pull_request' } } });
    await world.record('one', HARM);
    await world.tick();
    await world.controller.store.incidents.stop('one', 'all of it', 'ada');
    await tell(world);
    expect(told(world)).toEqual([
      '#2 closed one was rolled back from 25% (incident 1)',
      '#3 open one was stopped from 25% (incident 2)',
    ]);
    expect(world.shop.comments(2)).toMatchObject([
      { body: expect.stringContaining('Superseded by incident 2') },
    ]);
    // The pull request goes on: it writes the stop back now.
    await world.tick();
    expect(world.shop.pulls()).toMatchObject([{ number: 1, state: 'open', title: 'Stop one' }]);
    expect(await world.shop.file('rollout.yaml', 'rollout/hold/one')).toContain('emergency_stop: true');
  });

  it('an incident that ended long ago gets no issue, and an issue that a person closed stays closed', async () => {
    const world = await githubWorld({ one: { percentage: 25, rollback: { via: 'pull_request' } } });
    await world.controller.store.incidents.stop('one', 'x', 'ada');
    await world.db.pool.query(
      `update rollout_incidents set state = 'settled', opened_at = now() - interval '2 days'`,
    );
    expect(await tell(world)).toEqual([]);
    expect(told(world)).toEqual([]);
    await world.db.pool.query(`update rollout_incidents set state = 'open'`);
    await tell(world);
    const [issue] = world.shop.issues();
    // GitHub's list may not know yet what was just created: it is not made again.
    if (issue) issue.updated_at = '2000-01-01T00:00:00Z';
    await tell(world);
    expect(told(world)).toHaveLength(1);
    if (issue) issue.state = 'closed';
    await tell(world);
    expect(told(world)).toEqual([expect.stringMatching(/^#1 closed/)]);
  });

  it('settled incidents cost no more requests to GitHub, however many there are', async () => {
    const world = await githubWorld({ one: { percentage: 25 }, two: { percentage: 25 } });
    const requests = async () => {
      await world.tick();
      world.github.requests.length = 0;
      await world.tick();
      return world.github.requests.map(({ operation }) => operation);
    };
    const before = await requests();
    await world.controller.store.incidents.stop('one', 'x', 'ada');
    await world.controller.store.incidents.stop('two', 'y', 'ada');
    await world.tick();
    expect(await world.states()).toEqual(['two settled done', 'one settled done']);
    expect(await requests()).toEqual(before);
  });

  it('a run opens at most twenty issues, and the next run opens the rest', async () => {
    const names = Array.from({ length: 25 }, (_, n) => `f${n}`);
    const world = await githubWorld(Object.fromEntries(names.map((name) => [name, { percentage: 5 }])));
    await world.controller.store.incidents.stop(null, 'everything', 'ada');
    await tell(world);
    expect(told(world)).toHaveLength(20);
    await tell(world);
    expect(told(world)).toHaveLength(25);
  });

  it('the controller finds an existing issue again without its stored number and without its label', async () => {
    const world = await githubWorld({ one: { percentage: 25 } });
    await world.controller.store.incidents.stop('one', 'x', 'ada');
    await tell(world);
    const [issue] = world.shop.issues();
    if (issue) issue.labels = [];
    await world.db.pool.query(`update rollout_incidents set issue_number = null, issue_digest = null`);
    await tell(world);
    expect(told(world)).toHaveLength(1);
  });

  it('an incident keeps one issue when the controller continues under another login', async () => {
    const world = await githubWorld({ one: { percentage: 25 } });
    await world.controller.store.incidents.stop('one', 'x', 'ada');
    await tell(world, world.github.person('ada'));
    const app = world.github.token(ALL_POWERS, { login: 'rollout[bot]', type: 'Bot' });
    await world.db.pool.query(`update rollout_incidents set issue_number = null, issue_digest = null`);
    await tell(world, app);
    await world.db.pool.query(`update rollout_incidents set state = 'resumed', resumed_by = 'ada'`);
    await tell(world);
    await tell(world);
    expect(told(world)).toEqual([expect.stringMatching(/^#1 closed/)]);
  });

  it('of two issues that two runs opened at once, the younger is closed as a duplicate of the older', async () => {
    const world = await githubWorld({ one: { percentage: 25 } });
    await world.controller.store.incidents.stop('one', 'x', 'ada');
    world.github.fault({ on: 'issues/create', before: () => tell(world, world.github.person('ada')) });
    await tell(world);
    expect(told(world)).toEqual([
      expect.stringMatching(/^#1 open one was/),
      expect.stringMatching(/^#2 open one was/),
    ]);
    await tell(world);
    expect(told(world)).toEqual([expect.stringMatching(/^#1 open/), expect.stringMatching(/^#2 closed/)]);
    expect(world.shop.comments(2)).toMatchObject([{ body: expect.stringContaining('Duplicate of #1') }]);
    world.github.requests.length = 0;
    await tell(world);
    expect(world.github.requests).toEqual([]);
    await world.db.pool.query(`update rollout_incidents set state = 'resumed', resumed_by = 'ada'`);
    await tell(world);
    expect(told(world)).toEqual([expect.stringMatching(/^#1 closed/), expect.stringMatching(/^#2 closed/)]);
  });

  it('the controller does not adopt a stranger’s issue that carries the controller’s marker', async () => {
    const world = await githubWorld({ one: { percentage: 25 } });
    const eve = world.github.token(ALL_POWERS, { login: 'eve', type: 'User' });
    const room = roomOn(world.github, 'acme/shop', { token: eve });
    const forged = { number: null, opened_at: new Date(), owner: null, title: 'evil', body: 'b', open: true };
    await room.incidents.put({ ...forged, incident: 'default/1', closing: null });
    await world.controller.store.incidents.stop('one', 'x', 'ada');
    await tell(world);
    await tell(world);
    expect(told(world)).toEqual(['#1 open evil', expect.stringMatching(/^#2 open one was/)]);
  });

  it('two databases that share a repository each keep their own issues', async () => {
    const world = await githubWorld({ one: { percentage: 25 } });
    const room = roomOn(world.github, 'acme/shop');
    const issue = {
      number: null,
      owner: null,
      opened_at: new Date(),
      title: 't',
      body: 'b',
      open: true,
      closing: null,
    };
    const staging = await room.incidents.put({ ...issue, incident: 'staging/1' });
    const production = await room.incidents.put({ ...issue, incident: 'production/1' });
    expect(production.number).not.toBe(staging.number);
    // A number that somebody mixed up is not believed.
    const mixedUp = { ...issue, incident: 'staging/1', number: production.number };
    expect((await room.incidents.put(mixedUp)).number).toBe(staging.number);
  });
});

describe('what is live, as deployments', () => {
  it('a deployment that GitHub always rejects does not block the deployments of other features', async () => {
    const world = await githubWorld({ one: { percentage: 25 }, two: { percentage: 5 } });
    const before = world.shop.deployments().length;
    await world.controller.store.incidents.stop('one', 'x', 'ada');
    await world.controller.store.incidents.stop('two', 'y', 'ada');
    world.github.fault({ on: 'repos/create-deployment', status: 422, message: 'Validation Failed' });
    expect((await world.tick()).problems).toEqual([
      expect.stringContaining('the deployment of one is not noted yet'),
    ]);
    expect(world.shop.deployments().slice(before)).toMatchObject([{ environment: 'rollout/two' }]);
  });

  it('each change of a feature gets one deployment with its commit and the digest of history', async () => {
    const world = await githubWorld({ one: { percentage: 25 }, two: { percentage: 5 } });
    const { shop } = world;
    const seen = () =>
      shop
        .deployments()
        .map(
          (one) =>
            `${one.environment} ${one.statuses[0]?.description.split(':')[0]} ${one.statuses.at(-1)?.state}`,
        );
    expect(seen()).toEqual(['rollout/one 25% success', 'rollout/two 5% success']);
    expect(shop.deployments()[0]).toMatchObject({ sha: await shop.tip(), task: 'rollout' });
    await world.record('one', HARM);
    world.github.fault({ on: 'repos/create-deployment-status', lost: true });
    expect((await world.tick()).problems).toEqual([
      expect.stringContaining('the deployment of one is not noted yet'),
    ]);
    await world.tick();
    await world.tick();
    expect(seen()).toEqual([
      'rollout/one 25% inactive',
      'rollout/two 5% success',
      'rollout/one off, was 25% success',
    ]);
    const { payload } = shop.deployments().at(-1) ?? {};
    expect(payload).toMatchObject({ feature: 'one', active: false, percentage: 0 });
    const { history } = payload as { history: string };
    expect(await world.controller.store.reading((read) => read.history.verify(history))).toMatchObject({
      valid: true,
    });
  });
});
