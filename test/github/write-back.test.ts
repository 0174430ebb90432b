import { describe, expect, it } from 'vitest';
import { type GithubWorld, githubWorld, HARM } from '../helpers/github-world.ts';
import { fileOf } from '../helpers/project.ts';

const COMMENTED = `# Ours, by hand.
version: 1

features:
  # The one that matters.
  one:   # see the wiki
    active:     true    # on since May
    percentage: 25      # a quarter
  two: { percentage: 5 }   # quiet
`;
const LOWERED = COMMENTED.replace('true    # on', 'false    # on').replace('25      # a', '0      # a');

async function taken(world: GithubWorld) {
  expect(await world.live('one')).toBe(false);
  return (await world.shop.commits()).length;
}

describe('a rollback written back to GitHub', () => {
  it('is in the database, then one commit of the meant lines, one issue that is closed, and nothing twice', async () => {
    const world = await githubWorld(COMMENTED);
    await world.record('one', HARM);
    const result = await world.tick();
    expect(result.written_back).toMatchObject([{ feature: 'one', state: 'done', error: null }]);
    expect(result.problems).toEqual([]);
    expect(await taken(world)).toBe(2);
    expect(await world.shop.file('rollout.yaml')).toBe(LOWERED);
    const [commit] = await world.shop.commits();
    expect(commit).toMatchObject({ author: { name: 'github-actions[bot]' } });
    expect(commit?.message).toMatch(/^Roll back one\n\none: .*15 of 20/s);
    expect(commit?.message).toMatch(/\nRollout-Incident: 1\nRollout-History: [0-9a-f]{64}$/);
    expect(await world.states()).toEqual(['one settled done']);
    expect(world.shop.issues()).toMatchObject([
      { state: 'closed', title: 'one was taken back from 25 % (incident 1)' },
    ]);
    expect(world.shop.pulls()).toEqual([]);
    world.github.requests.length = 0;
    await world.tick();
    expect(await taken(world)).toBe(2);
    expect(world.github.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});
