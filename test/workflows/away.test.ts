import { describe, expect, it } from 'vitest';
import { recordForTick } from '../helpers/projects/tick-world.ts';
import { shop } from '../helpers/workflow/shop.ts';

const TEXT = `version: 1
defaults: { rollback: { fuse: false } }
test_repositories: [acme/sandbox]
features:
  checkout: { percentage: 25, whitelist: [acme/one] }
`;

describe('a GitHub that answers nothing', () => {
  it('features are rolled back and stopped while GitHub is away, and one commit and one issue follow later', async () => {
    const world = await shop({ text: TEXT });
    const { github, repo } = world;
    await world.reconcile();
    const before = (await repo.commits()).length;
    await recordForTick(world.db, 'checkout', { jobs: 40, errors: 30 });
    github.fault({ on: '*', status: 401, message: 'Bad credentials', times: 10_000 });
    const alone = await world.tick();
    expect(alone.conclusion).toBe('failure');
    const said = alone.annotations.map(({ message, title }) => `${title}: ${message}`).join('\n');
    expect(said).toContain('a person is needed: checkout was rolled back');
    expect(said).toMatch(/The write-back of checkout is pending: .*GitHub answered 401/);
    expect(await world.live('checkout')).toBe('off');
    expect(await world.stop({ feature: 'checkout', reason: 'to be sure' })).toMatchObject({
      conclusion: 'success',
    });
    expect(await world.live('checkout')).toBe('stopped');
    github.clearFaults();
    expect(await world.tick()).toMatchObject({ outputs: { commit: await repo.tip() } });
    expect(await repo.commits()).toHaveLength(before + 1);
    expect(await repo.file('rollout.yaml')).toMatch(
      /percentage: 0, .*active: false, emergency_stop: true|emergency_stop: true/,
    );
    expect(await world.tick()).toMatchObject({ conclusion: 'success' });
    expect(await repo.commits()).toHaveLength(before + 1);
    world.expectNoSecrets();
  });
});
