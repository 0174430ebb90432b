import { describe, expect, it } from 'vitest';
import { recordForTick } from '../helpers/projects/tick-world.ts';
import { type Shop, shop } from '../helpers/workflow/shop.ts';

const TEXT = `version: 1
defaults: { rollback: { fuse: false } }
test_repositories: [acme/sandbox]
features:
  checkout: { percentage: 25, whitelist: [acme/one] }   # ours
`;
const HARM = { jobs: 40, errors: 30 };
const HOLD = 'rollout/hold/checkout';

const said = (ran: { annotations: { message: string }[] }) =>
  ran.annotations.map(({ message }) => message).join('\n');

async function harmed(options: { forbidden?: true; protection: 'classic' | 'ruleset' }): Promise<Shop> {
  const world = await shop({ text: TEXT });
  await world.reconcile();
  await world.repo.protect(options.protection);
  world.repo.allowPullRequests(!options.forbidden);
  await recordForTick(world.db, 'checkout', HARM);
  return world;
}

describe('a default branch that wants pull requests', () => {
  it('a live rollback on a ruleset-protected branch gets a pull request, and merging it closes the incident', async () => {
    const world = await harmed({ protection: 'ruleset' });
    const { repo } = world;
    const ran = await world.tick();
    expect(ran.conclusion).toBe('failure');
    expect(said(ran)).toContain('pull request 1 of checkout waits to be merged');
    expect(ran.outputs).toMatchObject({ incident: '1', pull_request: '1', commit: '' });
    expect(await world.live('checkout')).toBe('off');
    expect(await repo.file('rollout.yaml')).toBe(TEXT);
    expect(repo.pulls()).toMatchObject([
      { head: HOLD, body: expect.stringContaining('merging this changes 0 subjects') },
    ]);
    const [issue] = repo.issues();
    expect(issue).toMatchObject({ state: 'open', title: expect.stringContaining('checkout') });
    // Known by now: nobody is called again, and nothing is written twice.
    expect(await world.tick()).toMatchObject({ conclusion: 'success', outputs: { incident: '' } });
    expect([repo.pulls().length, repo.issues().length]).toEqual([1, 1]);
    expect(await world.merge(1)).toMatchObject({ conclusion: 'success' });
    expect(await repo.file('rollout.yaml')).toBe(
      TEXT.replace(
        '{ percentage: 25, whitelist: [acme/one] }',
        '{ percentage: 0, whitelist: [acme/one], active: false }',
      ),
    );
    expect(await world.tick()).toMatchObject({ conclusion: 'success' });
    expect(repo.issues()).toMatchObject([{ state: 'closed' }]);
    expect(await repo.tip(HOLD)).toBeNull();
    world.expectNoSecrets();
  });

  it('where the token may not open pull requests, the job leaves a branch and a link for a person in the issue', async () => {
    const world = await harmed({ protection: 'classic', forbidden: true });
    const { repo, github } = world;
    const ran = await world.tick();
    expect(ran.conclusion).toBe('failure');
    expect(await world.live('checkout')).toBe('off');
    expect(repo.pulls()).toEqual([]);
    expect(await repo.file('rollout.yaml', HOLD)).toContain('active: false');
    const link = `${github.url}/acme/shop/compare/`;
    expect(said(ran)).toContain(link);
    expect(repo.issues()).toMatchObject([{ state: 'open', body: expect.stringContaining(link) }]);
    expect(await world.tick()).toMatchObject({ conclusion: 'success' });
    // What raises it meanwhile is held, and whoever pushes that learns it at once.
    const raising = await world.push({ 'rollout.yaml': TEXT.replace('25', '50') });
    expect(raising.conclusion).toBe('failure');
    expect(said(raising)).toContain('this push raises held features: checkout');
    expect(await world.live('checkout')).toBe('off');
    const unrelated = await world.push({ 'README.md': '# Ours\n' });
    expect(unrelated.conclusion).toBe('success');
    expect(said(unrelated)).toContain('something is held');
    world.expectNoSecrets();
  });
});
