import { describe, expect, it } from 'vitest';
import { patience } from '../helpers/run/pace.ts';
import { shop } from '../helpers/workflow/shop.ts';

const TEXT = `version: 1
test_repositories: [acme/sandbox]
features:
  checkout: { percentage: 25, whitelist: [acme/one] }
`;
const MORE = TEXT.replace('25', '50');
const always = (workflow: string) =>
  workflow.replace('command: plan\n', 'command: plan\n          comment: always\n');
const never = (workflow: string) =>
  workflow.replace('command: plan\n', 'command: plan\n          comment: false\n');

describe('the comment of a plan', { timeout: patience(180_000) }, () => {
  it('a pull request that changes the file gets a plan comment, which says so when the change is gone again', async () => {
    const world = await shop({ text: TEXT });
    await world.reconcile();
    const { number } = await world.propose(MORE);
    expect(world.comments(number)).toEqual([expect.stringContaining('**1 change**')]);
    await world.amend(number, TEXT);
    expect(world.comments(number)).toEqual([expect.stringContaining('**0 changes**')]);
  });

  it('a pull request about something else gets no comment, even when the database drifted or main moved', async () => {
    const world = await shop({ text: TEXT });
    await world.reconcile();
    await world.db.pool.query('update rollout_configuration set rollout_percentage = 90');
    const { number, ran } = await world.propose(TEXT);
    expect(ran).toMatchObject({ conclusion: 'success', outputs: { changed: 'true' } });
    expect(world.comments(number)).toEqual([]);
    // The branch of the pull request stands where main was before.
    await world.repo.commit({ 'rollout.yaml': MORE });
    await world.plan(number);
    expect(world.comments(number)).toEqual([]);
  });

  it('a plan comment is written on every pull request with comment: always and on none with comment: false', async () => {
    const chatty = await shop({ text: TEXT, edited: always });
    expect(chatty.comments((await chatty.propose(TEXT)).number)).toHaveLength(1);
    const silent = await shop({ text: TEXT, edited: never });
    expect(silent.comments((await silent.propose(MORE)).number)).toEqual([]);
  });
});
