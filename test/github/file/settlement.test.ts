import { describe, expect, it, vi } from 'vitest';
import { type FakeRepository, fakeGithub } from '../../helpers/github/index.ts';
import { roomOn } from '../../helpers/projects/github-world.ts';

const DAY = 24 * 60 * 60 * 1000;

const github = await fakeGithub();

/** It was settled by a text that says no `a`. */
const AGREEMENT = {
  agrees: (text: Uint8Array | null) => text === null || !Buffer.from(text).includes('a'),
  applied: null,
};

let repositories = 0;

async function world() {
  repositories += 1;
  const name = `acme/settled-${repositories}`;
  const shop = await github.repository(name, { files: { 'rollout.yaml': 'a\n' } });
  const { configuration } = roomOn(github, name);
  const change = (text: string, message = 'change') => shop.commit({ 'rollout.yaml': text }, { message });
  const settlement = async (...commits: string[]) =>
    configuration.settlement(await shop.tip(), commits, AGREEMENT);
  return { shop, change, settlement };
}

async function revert(shop: FakeRepository, commit: string, text: string): Promise<string> {
  return shop.commit({ 'rollout.yaml': text }, { message: `Revert "it"\n\nThis reverts commit ${commit}.` });
}

describe('how the tip on GitHub stands to the commit that settled an incident', () => {
  it('the tip contains the settling commit, whatever was committed after it', async () => {
    const { shop, change, settlement } = await world();
    const settled = await change('b\n');
    expect(await settlement(settled)).toBe('contained');
    await shop.commit({ other: 'x' }, { message: `This reverts commit ${settled}` });
    expect(await settlement(settled)).toBe('contained');
  });

  it('the settling commit is missing from the tip when it is on another branch or in no history', async () => {
    const { shop, settlement } = await world();
    const elsewhere = await shop.commit({ 'rollout.yaml': 'b\n' }, { branch: 'side' });
    expect(await settlement(elsewhere)).toBe('missing');
    expect(await settlement('0'.repeat(40))).toBe('missing');
  });

  it('a revert of the settling commit counts as reverted, and a revert of that revert as contained again', async () => {
    const { shop, change, settlement } = await world();
    const settled = await change('b\n');
    const back = await revert(shop, settled, 'a\n');
    expect(await settlement(settled)).toBe('reverted');
    await revert(shop, back.slice(0, 10), 'b\n');
    expect(await settlement(settled)).toBe('contained');
  });

  it('reverting the commit that changed the file, or its merge, counts as reverting a later settling commit', async () => {
    for (const by of ['change', 'merge'] as const) {
      const { shop, settlement } = await world();
      const changed = await shop.commit({ 'rollout.yaml': 'b\n' }, { branch: 'side' });
      const pull = await shop.openPull({ head: 'side', title: 'b' });
      const merge = await shop.mergePull(pull.number);
      const settled = await shop.commit({ other: 'x' });
      expect(await settlement(settled)).toBe('contained');
      await revert(shop, by === 'change' ? changed : merge, 'a\n');
      expect([by, await settlement(settled)]).toEqual([by, 'reverted']);
    }
  });

  it('only a revert after which the file no longer agrees counts, whichever settling commit it names', async () => {
    const { shop, change, settlement } = await world();
    const older = await change('b\n');
    const settled = await change('c\n');
    await revert(shop, settled, 'd\n');
    expect(await settlement(settled, older)).toBe('contained');
    await revert(shop, older, 'a\n');
    expect(await settlement(settled, older)).toBe('reverted');
  });

  it('a revert made by GitHub’s button is recognised for a merge commit and for a squash', async () => {
    for (const message of ['Revert "b (#7)" (#8)', 'Undo it (#8)\n\nReverts acme/settled-1#7']) {
      const { change, settlement } = await world();
      const settled = await change('b\n');
      await change('a\n', message);
      expect([message, await settlement(settled)]).toEqual([message, 'reverted']);
    }
  });

  it('a revert from before the settlement does not count, even on the same day', async () => {
    const { shop, change, settlement } = await world();
    await revert(shop, await change('b\n'), 'a\n');
    const settled = await change('b\n');
    await change('a\n', 'raise it by hand');
    expect(await settlement(settled)).toBe('contained');
  });

  it('a revert that was written before the settlement counts when its branch is merged afterwards', async () => {
    const { shop, change, settlement } = await world();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 30 * DAY });
    const older = await change('b\n');
    await shop.commit(
      { 'rollout.yaml': 'a\n' },
      { branch: 'waits', message: `Revert "b"\n\nThis reverts commit ${older}.` },
    );
    vi.useRealTimers();
    await change('a\n', 'raised by hand');
    const settled = await change('b\n', 'rolled back again');
    const pull = await shop.openPull({ head: 'waits', title: 'Go on' });
    await shop.mergePull(pull.number);
    expect(await shop.file('rollout.yaml')).toBe('a\n');
    expect(await settlement(settled)).toBe('reverted');
  });

  it('GitHub is asked once about a settling commit, however many incidents it settled', async () => {
    const { shop, change } = await world();
    const settled = await change('b\n');
    await revert(shop, settled, 'a\n');
    const tip = await shop.tip();
    const { configuration } = roomOn(github, shop.name);
    const asked = () => github.requests.length;
    const before = asked();
    expect(await configuration.settlement(tip, [settled], AGREEMENT)).toBe('reverted');
    const forOne = asked() - before;
    const others = Array.from({ length: 50 }, () => configuration.settlement(tip, [settled], AGREEMENT));
    expect(new Set(await Promise.all(others))).toEqual(new Set(['reverted']));
    expect([forOne > 0, asked() - before]).toEqual([true, forOne]);
  });

  it('commit messages that revert each other in a circle still get an answer', async () => {
    const { shop, change, settlement } = await world();
    const settled = await change('b\n');
    const back = await revert(shop, settled, 'a\n');
    await shop.commit(
      { 'rollout.yaml': 'b\n' },
      { message: `This reverts commit ${back}\nThis reverts commit ${settled}` },
    );
    expect(await settlement(settled)).toMatch(/^(contained|reverted)$/);
  });
});
