import { describe, expect, it } from 'vitest';
import { commitMessage, proposalMessage } from '../../../src/domain/git/commit-message.ts';
import { type BranchCommit, whoseBranch } from '../../../src/domain/git/proposal-branch.ts';

const PARTS = { title: 'Roll back one', body: 'Why.', trailers: ['Rollout-Incident: 12'] };

const proposal = (base: string, ...others: string[]): BranchCommit => ({
  message: proposalMessage(PARTS, base),
  parents: [...others, base],
});
const onTop = (parent: string): BranchCommit => ({ message: commitMessage(PARTS), parents: [parent] });
const persons = (...parents: string[]): BranchCommit => ({ message: 'mine', parents });

/** Whose branch it is, by the commits that the default branch does not have. */
const whose = (head: string, commits: Record<string, BranchCommit>) =>
  whoseBranch(head, async (sha) => commits[sha] ?? null);

describe('the branch of a proposal', () => {
  it('a proposal branch is ours after one proposal and after another on a newer tip', async () => {
    const ours = { ours: true, dropped: false };
    expect(await whose('a', { a: proposal('tip') })).toEqual(ours);
    expect(await whose('b', { a: proposal('tip'), b: proposal('later', 'a') })).toEqual(ours);
    expect(await whose('merged', {})).toEqual(ours);
  });

  it("a proposal branch is not ours with a person's commit above, between or merged into the proposals", async () => {
    const a = proposal('tip');
    const foreign = { ours: false, dropped: false };
    expect(await whose('p', { a, p: persons('a') })).toEqual(foreign);
    expect(await whose('b', { a, p: persons('a'), b: onTop('p') })).toEqual(foreign);
    expect(await whose('b', { a, p: persons('a'), b: proposal('later', 'p') })).toEqual(foreign);
    expect(await whose('m', { a, m: persons('a', 'later') })).toEqual(foreign);
  });

  it('a proposal branch is ours when a force-push dropped its base commits, whoever wrote them', async () => {
    const old = { first: persons('root'), second: onTop('first'), third: persons('second') };
    const dropped = { ours: true, dropped: true };
    expect(await whose('a', { ...old, a: proposal('third') })).toEqual(dropped);
    expect(await whose('b', { ...old, a: proposal('first'), b: proposal('third', 'a') })).toEqual(dropped);
    expect(await whose('b', { ...old, a: proposal('third'), b: proposal('new tip', 'a') })).toEqual(dropped);
    const added = await whose('p', { ...old, a: proposal('third'), p: persons('a') });
    expect(added.ours).toBe(false);
  });

  it('a proposal that a person rebased does not hide the commits below it', async () => {
    const moved = { ...proposal('tip'), parents: ['p'] };
    expect(await whose('a', { a: moved, p: persons('tip') })).toEqual({ ours: false, dropped: false });
  });

  it('a branch with more than a hundred commits is not ours', async () => {
    const chain = (length: number) =>
      Object.fromEntries(Array.from({ length }, (_, n) => [`${n}`, proposal(`tip${n}`, `${n + 1}`)]));
    expect((await whose('0', chain(100))).ours).toBe(true);
    expect((await whose('0', chain(101))).ours).toBe(false);
  });
});
