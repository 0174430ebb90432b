import { describe, expect, it } from 'vitest';
import { bareAt } from '../helpers/github/bare.ts';
import { knownTimes, recordWithoutFuse } from '../helpers/projects/tick-world.ts';
import { patience } from '../helpers/run/pace.ts';
import { type Shop, type ShopOptions, shop } from '../helpers/workflow/shop.ts';

const TEXT = `version: 1
features:
  checkout: { percentage: 25, whitelist: [acme/one], rollback: { via: pull_request, fuse: false } }
  search: { percentage: 40, whitelist: [acme/one] }
`;
const RAISED = TEXT.replace('percentage: 25', 'percentage: 50');
const LOWERED = TEXT.replace('percentage: 40', 'percentage: 20');

const without = (power: string) => (workflow: string) =>
  workflow.replace(new RegExp(`^ *${power}: write #.*\\n`, 'm'), '');

async function reconciled(options: Partial<ShopOptions> = {}): Promise<Shop> {
  const world = await shop({ text: TEXT, ...options });
  await world.reconcile();
  return world;
}

/** The checks on the head of a pull request, oldest first. */
function checksOn({ repo }: Shop, number: number) {
  const pull = repo.pulls().find((one) => one.number === number);
  return repo
    .checks(pull?.head_sha)
    .map(({ name, conclusion, title, annotations }) => ({ name, conclusion, title, annotations }));
}

const rollBack = (world: Shop) =>
  world.operate({ operation: 'rollback', feature: 'checkout', reason: 'it fails' });

describe('the check of a plan', { timeout: patience(240_000) }, () => {
  it('the plan check passes where the file may be merged and on a pull request that does not change the file', async () => {
    const world = await reconciled();
    const { number } = await world.propose(RAISED);
    expect(checksOn(world, number)).toEqual([
      {
        name: 'rollout/plan',
        conclusion: 'success',
        title: expect.stringMatching(/^1 change: /),
        annotations: [],
      },
    ]);
    const other = await world.propose(TEXT);
    expect(checksOn(world, other.number)).toEqual([
      { name: 'rollout/plan', conclusion: 'success', title: 'rollout.yaml is not changed', annotations: [] },
    ]);
    await world.plan(number);
    expect(checksOn(world, number)).toHaveLength(1);
  });

  it('the plan check blocks the merge of a held raise and passes a change that lowers another feature', async () => {
    const world = await reconciled();
    world.repo.requireCheck('rollout/plan');
    await rollBack(world);
    const { number, ran } = await world.propose(RAISED);
    expect(ran.conclusion).toBe('success');
    expect(checksOn(world, number)).toEqual([
      {
        ...{ name: 'rollout/plan', conclusion: 'failure', title: 'checkout is held by incident 1' },
        annotations: [
          expect.objectContaining({ path: 'rollout.yaml', start_line: 3, annotation_level: 'failure' }),
        ],
      },
    ]);
    await expect(world.merge(number)).rejects.toThrow('Required status check "rollout/plan" is failing');
    const lowering = await world.propose(LOWERED);
    expect(checksOn(world, lowering.number)).toMatchObject([{ conclusion: 'success' }]);
    await world.merge(lowering.number);
    expect(await world.live('search')).toBe('20%');
  });

  it('the plan check fails with an annotation at the line of a file error and of a policy breach', async () => {
    const policy = TEXT.replace('features:', 'policy: { largest_raise: { points: 10 } }\nfeatures:');
    const world = await reconciled({ text: policy });
    const broken = await world.propose(policy.replace('percentage: 40', 'percentage: 400'));
    expect(checksOn(world, broken.number)).toMatchObject([
      { conclusion: 'failure', annotations: [{ start_line: 5, annotation_level: 'failure' }] },
    ]);
    const steep = await world.propose(policy.replace('percentage: 40', 'percentage: 80'));
    const [check] = checksOn(world, steep.number);
    expect(check).toMatchObject({ conclusion: 'failure' });
    expect(check?.annotations).toContainEqual(
      expect.objectContaining({ start_line: 5, message: expect.stringContaining('at most 10 are allowed') }),
    );
  });

  it('a job that may not write checks warns about the missing check, and its plan succeeds all the same', async () => {
    const world = await reconciled({ edited: without('checks') });
    const { number, ran } = await world.propose(RAISED);
    expect(ran.conclusion).toBe('success');
    expect(checksOn(world, number)).toEqual([]);
    expect(ran.annotations).toContainEqual({
      ...{ severity: 'warning', title: 'No check' },
      message: expect.stringMatching(/^the check rollout\/plan is not written: .*permissions: checks: write/),
    });
    expect(world.comments(number)).toHaveLength(1);
  });

  it('the plan check is written once even when the answer to writing it was lost', async () => {
    const world = await reconciled();
    world.github.fault({ on: 'checks/create', lost: true });
    const { number, ran } = await world.propose(RAISED);
    expect(ran.annotations).toContainEqual(expect.objectContaining({ title: 'No check' }));
    await world.plan(number);
    expect(checksOn(world, number)).toHaveLength(1);
  });

  it('the plan check of a fork’s pull request is written by the next health run, which runs none of its code', async () => {
    const world = await reconciled();
    const { number, ran } = await world.propose(RAISED, { fork: 'eve' });
    expect(ran.annotations).toContainEqual(expect.objectContaining({ title: 'No check yet' }));
    expect(checksOn(world, number)).toEqual([]);
    const ticked = await world.tick();
    expect(ticked.conclusion).toBe('success');
    expect(checksOn(world, number)).toMatchObject([{ conclusion: 'success' }]);
  });

  it('check and comment are renewed after a new hold or a push to main, only where the result changed', async () => {
    const world = await reconciled();
    const { number } = await world.propose(RAISED);
    const other = await world.propose(LOWERED);
    await rollBack(world);
    await world.tick();
    expect(checksOn(world, number).map(({ conclusion }) => conclusion)).toEqual(['success', 'failure']);
    expect(world.comments(number)).toEqual([expect.stringContaining('held')]);
    // It names what is held meanwhile, and may be merged.
    expect(checksOn(world, other.number).map(({ conclusion }) => conclusion)).toEqual(['success', 'success']);
    const before = [number, other.number].map((one) => world.comments(one));
    await world.tick();
    expect([number, other.number].map((one) => checksOn(world, one).length)).toEqual([2, 2]);
    expect([number, other.number].map((one) => world.comments(one))).toEqual(before);
    // A push to main makes them anew as well.
    await world.push({ 'rollout.yaml': TEXT.replace('version: 1', 'version: 1\ndefaults: { owner: ada }') });
    expect(checksOn(world, number).at(-1)).toMatchObject({ conclusion: 'failure' });
  });
});

describe('nobody makes the check pass for a held raise', { timeout: patience(240_000) }, () => {
  /** A hold on checkout, and a pull request that raises it. */
  async function heldRaise() {
    const world = await reconciled();
    world.repo.requireCheck('rollout/plan');
    await rollBack(world);
    const { number } = await world.propose(RAISED);
    const pull = world.repo.pulls().find((one) => one.number === number);
    if (!pull) throw new Error('it is not open');
    const raise = (await bareAt(world.repo.dir).commitAt(pull.head)) ?? '';
    return { world, number, pull, raise };
  }

  it('a second pull request with the same commit, to a branch with the raise, cannot make the check pass', async () => {
    const { world, number, pull, raise } = await heldRaise();
    await bareAt(world.repo.dir).move('refs/heads/side', raise, null);
    const { number: aside } = await world.repo.openPull({ head: pull.head, title: 'aside', base: 'side' });
    const ran = await world.plan(aside);
    expect(ran.annotations).toContainEqual(
      expect.objectContaining({ title: 'No check', message: expect.stringContaining('this goes to side') }),
    );
    expect(checksOn(world, number)).toMatchObject([{ conclusion: 'failure' }]);
    await expect(world.merge(number)).rejects.toThrow('is failing');
  });

  it('a push just before a refresh cannot make the check pass while GitHub still answers with the previous merge', async () => {
    const { world, number, pull, raise } = await heldRaise();
    await world.amend(number, LOWERED);
    const harmless = (await bareAt(world.repo.dir).commitAt(pull.head)) ?? '';
    expect(checksOn(world, number)).toMatchObject([{ conclusion: 'success' }]);
    await world.amend(number, RAISED);
    Object.assign(pull, { tried: harmless });
    await world.tick();
    expect(checksOn(world, number)).toMatchObject([{ conclusion: 'failure' }]);
    expect(raise).not.toBe(harmless);
    delete pull.tried;
    await world.tick();
    expect(checksOn(world, number).at(-1)).toMatchObject({ conclusion: 'failure' });
  });

  it('in a merge queue that rebases, a last commit about something else cannot make the check pass', async () => {
    const { world, pull } = await heldRaise();
    await world.repo.commit({ 'README.md': '# Other\n' }, { branch: pull.head, message: 'readme' });
    const sha = (await bareAt(world.repo.dir).commitAt(pull.head)) ?? '';
    await world.queue(sha);
    expect(world.repo.checks(sha)).toMatchObject([{ conclusion: 'failure' }]);
  });

  it('many other pull requests cannot keep a held raise from being checked: 20 a tick are, the rest by the next', async () => {
    const { world } = await heldRaise();
    await world.tick();
    const bare = bareAt(world.repo.dir);
    const main = await bare.commitAt('refs/heads/main');
    const heads: string[] = [];
    for (let n = 0; n < 22; n++) {
      await bare.move(`refs/heads/many-${n}`, main, null);
      await world.repo.commit({ 'README.md': `# ${n}\n` }, { branch: `many-${n}`, message: 'readme' });
      const pull = await world.repo.openPull({ head: `many-${n}`, title: 'many', fork: 'eve' });
      heads.push(pull.head_sha);
    }
    const checked = () => heads.filter((head) => world.repo.checks(head).length > 0).length;
    await world.tick();
    expect(checked()).toBe(20);
    await world.tick();
    expect(checked()).toBe(22);
    await world.tick();
    expect(heads.map((head) => world.repo.checks(head).length)).toEqual(Array(22).fill(1));
  });

  it('the name of another environment cannot make a proposal write the check of another file', async () => {
    const world = await reconciled({ withoutReader: true });
    const { number } = await world.propose(`environment: production\n${RAISED}`);
    expect(checksOn(world, number).map(({ name }) => name)).toEqual(['rollout/plan']);
  });

  it('a fork’s pull request that leaves the file alone gets the passing check that it needs', async () => {
    const { world } = await heldRaise();
    const { number, ran } = await world.propose(TEXT, { fork: 'eve' });
    expect(ran.conclusion).toBe('success');
    await world.tick();
    expect(checksOn(world, number)).toMatchObject([{ conclusion: 'success', annotations: [] }]);
    expect(world.comments(number)).toEqual([]);
    await world.merge(number);
  });

  it('the check of a reopened pull request knows the hold that began while it was closed', async () => {
    const world = await reconciled();
    world.repo.requireCheck('rollout/plan');
    const own = await world.propose(RAISED);
    const fork = await world.propose(RAISED, { fork: 'eve' });
    await world.tick();
    for (const { number } of [own, fork]) world.repo.closePull(number);
    await rollBack(world);
    await world.tick();
    await world.tick();
    const conclusions = (number: number) => checksOn(world, number).map(({ conclusion }) => conclusion);
    // Nobody plans what is closed.
    expect([own, fork].map(({ number }) => conclusions(number))).toEqual([['success'], ['success']]);
    for (const { number } of [own, fork]) world.repo.reopenPull(number);
    await world.plan(own.number);
    expect(conclusions(own.number)).toEqual(['success', 'failure']);
    // A fork's own run may write none.
    await world.tick();
    expect(conclusions(fork.number)).toEqual(['success', 'failure']);
    await expect(world.merge(own.number)).rejects.toThrow('is failing');
  });

  it('a reopened pull request has its check again when nothing changed while it was closed', async () => {
    const world = await reconciled();
    const { number } = await world.propose(RAISED);
    await world.tick();
    world.repo.closePull(number);
    await world.tick();
    world.repo.reopenPull(number);
    await world.plan(number);
    await world.tick();
    expect(checksOn(world, number)).toMatchObject([{ conclusion: 'success' }]);
  });

  it('without a database the check of a raise is neutral and says why, until a run with a database has looked', async () => {
    const world = await reconciled({ withoutReader: true });
    await rollBack(world);
    const raise = await world.propose(RAISED);
    expect(checksOn(world, raise.number)).toMatchObject([
      { conclusion: 'neutral', title: '1 change; holds are not known without a database' },
    ]);
    const lowering = await world.propose(LOWERED);
    expect(checksOn(world, lowering.number)).toMatchObject([{ conclusion: 'success' }]);
    await world.tick();
    expect(checksOn(world, raise.number).at(-1)).toMatchObject({ conclusion: 'failure' });
  });
});

describe('the outcome on a merged pull request', { timeout: patience(240_000) }, () => {
  it('a merged pull request’s comment reports the applied change and later its rollback with the same numbers', async () => {
    const world = await reconciled();
    const { number } = await world.propose(RAISED);
    expect((await world.merge(number)).conclusion).toBe('success');
    const outcome = () => world.comments(number).filter((body) => body.includes('rollout: outcome'));
    expect(outcome()).toEqual([expect.stringContaining('Applied at `')]);
    await knownTimes(world.db);
    await recordWithoutFuse(world.db, 'checkout', { jobs: 200, errors: 100 });
    await world.tick();
    const [incident] = await world.db.rows<{ window: { jobs: number; errors: number } }>(
      "select evidence -> 'window' as window from rollout_incidents",
    );
    const { jobs, errors } = incident?.window ?? { jobs: 0, errors: 0 };
    expect(errors).toBeGreaterThan(0);
    expect(outcome()).toEqual([expect.stringContaining('Applied at `')]);
    expect(outcome()[0]).toContain(`was rolled back, incident 1, `);
    expect(outcome()[0]).toContain(`${errors} of ${jobs} failed, control no job`);
    await world.operate({ operation: 'resume', feature: 'checkout', reason: 'mended', via: 'commit' });
    await world.tick();
    expect(outcome()).toEqual([expect.stringContaining('Resumed by github:ada')]);
  });

  it('a merged pull request gets no outcome comment when it left the file alone, and else one that names holds', async () => {
    const world = await reconciled();
    await rollBack(world);
    const other = await world.propose(TEXT);
    await world.repo.commit({ 'README.md': '# Other\n' }, { branch: 'change-2', message: 'readme' });
    await world.merge(other.number);
    expect(world.comments(other.number).filter((body) => body.includes('rollout: outcome'))).toEqual([]);
    const { number } = await world.propose(RAISED);
    await world.merge(number);
    expect(world.comments(number).at(-1)).toContain('Not live: `checkout`');
  });
});
