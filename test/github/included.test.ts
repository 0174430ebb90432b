import { describe, expect, it } from 'vitest';
import { partsOfBytes } from '../../src/domain/change/bundle.ts';
import { githubWorld, HARM, roomOn } from '../helpers/projects/github-world.ts';

const MAIN = `version: 1
include: [rollouts/*.yaml]
defaults: { rollback: { fuse: false } }
features:
  main: { percentage: 5 }
`;
const ONE = '# Ours.\nfeatures:\n  one: { percentage: 25, active: true }   # a quarter\n';
const TWO = 'features: { two: { percentage: 20 } }\n';
const FILES = { 'rollouts/one.yaml': ONE, 'rollouts/two.yaml': TWO };

describe('a configuration of several files on GitHub', () => {
  it('a configuration of several files is reconciled, and a rollback is committed to the file with the feature', async () => {
    const world = await githubWorld(MAIN, FILES);
    expect([await world.live('main'), await world.live('one'), await world.live('two')]).toEqual([
      true,
      true,
      true,
    ]);
    await world.record('one', HARM);
    const result = await world.tick();
    expect(result.written_back).toMatchObject([{ feature: 'one', state: 'done', error: null }]);
    expect(result.problems).toEqual([]);
    expect(await world.shop.file('rollouts/one.yaml')).toBe(
      ONE.replace('25', '0').replace('active: true', 'active: false'),
    );
    expect(await world.shop.file('rollout.yaml')).toBe(MAIN);
    expect(await world.states()).toEqual(['one settled done']);
    const commits = (await world.shop.commits()).length;
    await world.tick();
    expect((await world.shop.commits()).length).toBe(commits);
  });

  it('an edit of two files becomes one commit, and a proposal changes the same two files', async () => {
    const world = await githubWorld(MAIN, FILES);
    const { configuration } = roomOn(world.github, 'acme/shop', { token: world.github.token() });
    const tip = await configuration.readTip();
    expect(partsOfBytes(tip.content).included.map(({ path }) => path)).toEqual(Object.keys(FILES));
    const lower = (text: string) =>
      text.replace('percentage: 25', 'percentage: 1').replace('percentage: 20', 'percentage: 2');
    const change = (via: 'commit' | 'pull_request') => ({
      ...{
        edit: (text: string) => ({ text: lower(text) }),
        via,
        branch: 'rollout/set/x',
        title: 'Lower them',
      },
      ...{ body: 'because', trailers: ['Rollout-Feature: one'] },
    });
    expect(await configuration.change(change('pull_request'))).toMatchObject({ state: 'proposed' });
    expect(await world.shop.file('rollouts/one.yaml', 'rollout/set/x')).toBe(lower(ONE));
    expect(await world.shop.file('rollouts/two.yaml', 'rollout/set/x')).toBe(lower(TWO));
    expect(await world.shop.file('rollouts/one.yaml')).toBe(ONE);
    const done = await configuration.change(change('commit'));
    expect(done).toMatchObject({ state: 'committed' });
    expect(await world.shop.file('rollouts/one.yaml')).toBe(lower(ONE));
    expect(await world.shop.file('rollouts/two.yaml')).toBe(lower(TWO));
    const again = await configuration.change(change('commit'));
    expect(again).toEqual({ state: 'unchanged', commit: 'commit' in done ? done.commit : '' });
  });

  it('a single file that imitates several files without an include is refused', async () => {
    const world = await githubWorld(MAIN, FILES);
    const { configuration } = roomOn(world.github, 'acme/shop', { token: world.github.token() });
    const forged = '\0files\0version: 1\nfeatures: {}\n\0.github/workflows/x.yaml\0features: { x: {} }\n';
    await world.shop.commit({ 'rollout.yaml': forged });
    await expect(configuration.readTip()).rejects.toThrow('rollout.yaml has a NUL character');
  });
});
