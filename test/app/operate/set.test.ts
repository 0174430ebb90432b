import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setPercentage } from '../../../src/app/operate/set.ts';
import { words } from '../../../src/report/kept.ts';
import { agreeing, FILE, plainWorld, unasked, world, yes } from '../changing-world.ts';

const UNCOMMITTED = { code: 'not_reconciled', refusal: { code: 'revision_refused' } };

describe('set', () => {
  it('set commits the one changed line with the reason in the message, and is live at once', async () => {
    const { deps, db, lastChange, lastMessage, live } = await world();
    const { agree, asked } = agreeing();
    const outcome = await setPercentage(deps, {
      feature: 'checkout',
      percentage: 50,
      reason: 'a quiet\nweek',
      agree,
    });
    expect(outcome).toMatchObject({
      file: { state: 'committed' },
      raises: true,
      via: 'commit',
      obstacle: null,
    });
    expect(asked).toEqual([{ code: 'set', feature: 'checkout', from: 25, to: 50 }]);
    expect(await lastChange()).toEqual([
      '-    percentage: 25             # a quarter',
      '+    percentage: 50             # a quarter',
    ]);
    expect(await live('checkout')).toBe('50%');
    const message = await lastMessage();
    expect(message).toContain(`${words.title(outcome.requested)}\n\n${words.facts(outcome.requested)[0]}\n`);
    expect(message).toMatch(
      /\nReason: a quiet\\nweek\nAsked for by ada with: rollout set checkout 50\n\nRollout-Feature: checkout\nRollout-History: [0-9a-f]{64}\n/,
    );
    const [digest] = /[0-9a-f]{64}/.exec(message) ?? [];
    expect(await deps.store.reading((read) => read.history.verify(digest))).toMatchObject({ valid: true });
    const [history] = await db.rows(
      `select action, reason, metadata -> 'request' as request from rollout_history order by id desc limit 1`,
    );
    expect(history).toEqual({
      action: 'advanced',
      reason: expect.stringMatching(/^a quiet\nweek \(/),
      request: { command: 'set checkout 50', features: ['checkout'], reason: 'a quiet\nweek' },
    });
  });

  it('set lowers without a confirmation, and at 0 the whitelist stays in', async () => {
    const { deps, live, lastChange, db } = await world();
    await setPercentage(deps, { feature: 'checkout', percentage: 0, ...unasked });
    expect(await live('checkout')).toBe('0%');
    expect(await lastChange()).toHaveLength(2);
    const who = await db.rows(
      `select repository_id as id from repository_categories
       where is_repository_eligible_for_rollout(repository_id, 'checkout')`,
    );
    expect(who).toEqual([{ id: 'r1' }]);
  });

  it('set changes nothing without a confirmation', async () => {
    const { deps, committed, live } = await world();
    const { agree } = agreeing(false);
    const outcome = await setPercentage(deps, { feature: 'checkout', percentage: 50, agree });
    expect(outcome).toMatchObject({ file: null, obstacle: { code: 'declined' } });
    expect(await committed()).toBe(FILE);
    expect(await live('checkout')).toBe('25%');
  });

  it('set by pull request is a proposal that changes nothing until somebody merges it', async () => {
    const { deps, committed, live, mine, reconcile } = await world();
    const outcome = await setPercentage(deps, {
      feature: 'checkout',
      percentage: 50,
      via: 'pull_request',
      ...yes,
    });
    expect(outcome.file).toEqual({ state: 'proposed', branch: 'rollout/set/checkout', pull_request: null });
    expect(outcome.obstacle).toEqual({ code: 'merge', branch: 'rollout/set/checkout' });
    await reconcile();
    expect(await live('checkout')).toBe('25%');
    expect(await committed()).toBe(FILE);
    await mine.git('fetch', '--quiet');
    await mine.git('merge', '--quiet', 'origin/rollout/set/checkout');
    await mine.git('push', '--quiet');
    await reconcile();
    expect(await live('checkout')).toBe('50%');
  });

  const REVIEWED = ['advance: pull_request', 'rollback: { via: pull_request }'];

  it.each(REVIEWED)('set raises by a proposal with %s', async (line) => {
    const { deps, live } = await world(FILE.replace('steps: playbook', line));
    const outcome = await setPercentage(deps, { feature: 'checkout', percentage: 50, ...yes });
    expect(outcome).toMatchObject({ via: 'pull_request', file: { state: 'proposed' } });
    expect(await live('checkout')).toBe('25%');
  });

  it.each(REVIEWED)(
    'set raises nothing in a file outside a repository with %s, unless called with --via file',
    async (line) => {
      const { deps, file } = await plainWorld(FILE.replace('steps: playbook', line));
      const before = await readFile(file, 'utf8');
      const raised = { feature: 'checkout', percentage: 50, ...yes };
      await expect(setPercentage(deps, raised)).rejects.toMatchObject({
        message: expect.stringContaining('a file outside a repository has no pull requests'),
        hint: 'edit the file and run rollout reconcile, or say --via file',
      });
      expect(await readFile(file, 'utf8')).toBe(before);
      expect(await setPercentage(deps, { ...raised, via: 'file' })).toMatchObject({ obstacle: null });
    },
  );

  it.each([
    ['advance: pull_request', 'commit'],
    ['rollback: { via: pull_request }', 'pull_request'],
  ])('set lowers in a file outside a repository with %s, by %s', async (line, via) => {
    const { deps } = await plainWorld(FILE.replace('steps: playbook', line));
    const outcome = await setPercentage(deps, { feature: 'checkout', percentage: 10, ...yes });
    expect(outcome).toMatchObject({ via, file: { state: 'edited' }, obstacle: null });
  });

  it('set to or past a step with approve goes by pull request, and below it by commit', async () => {
    const approved = FILE.replace(
      'steps: playbook',
      'steps: [{ percentage: 25 }, { percentage: 50, approve: true }, { percentage: 100 }]',
    );
    const { deps, live, committed } = await world(approved);
    const to = (percentage: number) => ({ feature: 'checkout', percentage, ...yes });
    for (const percentage of [50, 100]) {
      await expect(setPercentage(deps, { ...to(percentage), via: 'commit' })).rejects.toMatchObject({
        message: 'checkout reaches 50% by a pull request only: its step says approve: true',
        hint: 'use --via pull_request',
      });
      expect(await setPercentage(deps, to(percentage))).toMatchObject({
        via: 'pull_request',
        file: { state: expect.stringMatching(/proposed|edited/) },
      });
    }
    expect(await committed()).toBe(approved);
    expect(await setPercentage(deps, to(40))).toMatchObject({ via: 'commit', obstacle: null });
    expect(await live('checkout')).toBe('40%');
  });

  it('set by pull request never raises before a merge, though main asks for more, and may lower by commit', async () => {
    const reviewed = FILE.replace('steps: playbook', 'steps: playbook\n    advance: pull_request');
    const { deps, live, colleague, mine } = await world(reviewed);
    await colleague.git('pull', '--quiet');
    await colleague.commit({ 'rollout.yaml': reviewed.replace('25  ', '50  ') }, 'more');
    await colleague.git('push', '--quiet');
    await mine.git('pull', '--quiet');
    const to = (percentage: number) => ({ feature: 'checkout', percentage, ...yes });
    expect(await setPercentage(deps, { ...to(50), via: 'pull_request' })).toMatchObject({
      file: { state: 'unchanged' },
      reconciled: null,
    });
    expect(await live('checkout')).toBe('25%');
    await expect(setPercentage(deps, { ...to(75), via: 'commit' })).rejects.toThrow(
      'checkout is raised by pull requests only',
    );
    expect(await setPercentage(deps, { ...to(10), via: 'commit' })).toMatchObject({ obstacle: null });
    expect(await live('checkout')).toBe('10%');
  });

  it('set by file edits the file in the folder and leaves the commit to its owner', async () => {
    const { deps, committed, live, mine } = await world();
    const outcome = await setPercentage(deps, { feature: 'checkout', percentage: 50, via: 'file', ...yes });
    expect(outcome.file).toEqual({ state: 'edited' });
    expect(outcome.obstacle).toMatchObject(UNCOMMITTED);
    expect(await readFile(join(mine.dir, 'rollout.yaml'), 'utf8')).toBe(FILE.replace('25  ', '50  '));
    expect(await committed()).toBe(FILE);
    expect(await live('checkout')).toBe('25%');
  });

  it('set keeps uncommitted text, and says why the change is not live yet', async () => {
    const { deps, mine, committed } = await world();
    const theirs = FILE.replace('percentage: 50', 'percentage: 75');
    await writeFile(join(mine.dir, 'rollout.yaml'), theirs);
    const outcome = await setPercentage(deps, { feature: 'checkout', percentage: 10, ...unasked });
    expect(outcome).toMatchObject({ file: { state: 'committed' } });
    expect(outcome.obstacle).toMatchObject(UNCOMMITTED);
    expect(await readFile(join(mine.dir, 'rollout.yaml'), 'utf8')).toBe(theirs.replace('25  ', '10  '));
    expect(await committed()).toBe(FILE.replace('25  ', '10  '));
  });

  it("set to the file's own percentage makes no commit, but applies it to the database if needed", async () => {
    const { deps, merge, live, remote, mine } = await world();
    await merge((text) => text.replace('25  ', '30  '));
    const outcome = await setPercentage(deps, { feature: 'checkout', percentage: 30, ...unasked });
    expect(outcome).toMatchObject({ file: { state: 'unchanged' }, raises: false, obstacle: null });
    expect(await live('checkout')).toBe('30%');
    expect(await mine.git('--git-dir', remote, 'log', '--format=%s', 'main')).toBe('merged\nfirst');
  });

  it('set refuses a held feature and names resume', async () => {
    const { deps, committed } = await world();
    await deps.store.incidents.stop('checkout', 'payments fail', 'ada');
    await expect(setPercentage(deps, { feature: 'checkout', percentage: 50, ...yes })).rejects.toMatchObject({
      code: 'held',
      message: 'checkout is held by incident 1: payments fail',
      hint: expect.stringContaining('rollout resume checkout'),
    });
    expect(await committed()).toBe(FILE);
  });

  it.each([
    ['active: false', 'is inactive in the file'],
    ['emergency_stop: true', 'is stopped in the file'],
  ])('set refuses a feature with %s and names resume', async (line, why) => {
    const { deps } = await plainWorld(FILE.replace('steps: playbook', line));
    await expect(setPercentage(deps, { feature: 'checkout', percentage: 50, ...yes })).rejects.toMatchObject({
      code: 'held',
      message: `checkout ${why}`,
      hint: expect.stringContaining('rollout resume checkout'),
    });
  });

  it('set refuses the strategy whitelist, an unknown feature and a file with errors, each with a hint', async () => {
    const { deps, file } = await plainWorld();
    const set = (feature: string) => setPercentage(deps, { feature, percentage: 50, ...yes });
    await expect(set('beta')).rejects.toMatchObject({ hint: expect.stringContaining('whitelist add beta') });
    await expect(set('chekout')).rejects.toMatchObject({
      code: 'unknown_feature',
      hint: expect.stringContaining('did you mean checkout?'),
    });
    await writeFile(file, FILE.replace('25  ', '250 '));
    await expect(set('checkout')).rejects.toMatchObject({ code: 'file_invalid' });
    await writeFile(file, `${FILE}nonsense: 1\n`);
    await expect(set('search')).rejects.toMatchObject({ code: 'file_invalid' });
  });

  it("set is decided again after a colleague's push, which may have stopped the feature in the file", async () => {
    const { deps, colleague, committed, live } = await world();
    await colleague.commit({ 'rollout.yaml': FILE.replace('steps: playbook', 'emergency_stop: true') });
    await colleague.git('push', '--quiet');
    await expect(setPercentage(deps, { feature: 'checkout', percentage: 50, ...yes })).rejects.toThrow(
      'checkout is stopped in the file',
    );
    expect(await committed()).toContain('25  ');
    expect(await live('checkout')).toBe('25%');
  });

  it('set says when everything is stopped', async () => {
    const { deps, file } = await plainWorld();
    await deps.store.incidents.stop(null, 'all is broken', 'ada');
    await writeFile(file, `${FILE}  added_later: { percentage: 5 }\n`);
    const outcome = await setPercentage(deps, { feature: 'added_later', percentage: 50, ...yes });
    expect(outcome.obstacle).toEqual({ code: 'everything_stopped', reason: 'all is broken' });
  });
});
