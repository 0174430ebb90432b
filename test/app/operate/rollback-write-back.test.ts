import { rename } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { cloneOf } from '../../helpers/projects/git.ts';
import { addRepositories } from '../../helpers/projects/project.ts';
import { type TickWorld, tickFile, tickWorld, tickWorldOf } from '../../helpers/projects/tick-world.ts';

const HARM = { jobs: 20, errors: 15 };

const COMMENTED = `# Ours, by hand.
version: 1
defaults: { rollback: { fuse: false } }

features:
  # The one that matters.
  one:   # see the wiki
    active:     true    # on since May
    percentage: 25      # a quarter
    whitelist:
      - acme/r1         # the first customer
  two: { percentage: 5 }   # quiet
`;

async function states(world: TickWorld): Promise<string[]> {
  return (await world.incidents()).map(
    ({ feature, state, write_back }) => `${feature} ${state} ${write_back}`,
  );
}

describe('the write-back of a rollback', () => {
  it('a write-back changes only the intended lines, and its commit has the evidence and the trailers', async () => {
    const world = await tickWorldOf(COMMENTED);
    const before = await world.repository.git('rev-parse', 'HEAD');
    await world.record('one', HARM);
    const result = await world.tick();
    const [incident] = await world.incidents('one');
    expect(await world.fileAt()).toBe(
      COMMENTED.replace('true    # on', 'false    # on').replace('25      # a', '0      # a'),
    );
    const [message = '', ...more] = await world.commitsSince(before);
    expect(more).toEqual([]);
    expect(message).toMatch(/^Roll back one\n/);
    expect(message).toContain(`one: ${incident?.reason}`);
    expect(message).toContain('from 25% to off');
    expect(
      await world.repository.git('log', '-1', '--format=%(trailers:key=Rollout-Incident,valueonly)'),
    ).toContain(incident?.id);
    const head = await world.repository.git(
      'log',
      '-1',
      '--format=%(trailers:key=Rollout-History,valueonly)',
    );
    expect(await world.controller.store.reading((read) => read.history.verify(head.trim()))).toMatchObject({
      valid: true,
    });
    // The same tick also reconciled what it wrote, so the incident is over.
    expect(result.reconciled?.changes.map(({ action }) => action)).toEqual(['settle']);
    expect(incident).toMatchObject({ state: 'settled', write_back: 'done' });
    expect(await world.repository.git('status', '--porcelain')).toBe('');
    expect((await world.tick()).written_back).toEqual([]);
  });

  it('a rollback is live even if the repository cannot be written, and is written back when it can', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    const away = `${await world.repository.bareRemote()}`;
    await rename(away, `${away}.gone`);
    await world.record('one', HARM);
    const first = await world.tick();
    expect(await world.row('one')).toMatchObject({ active: false, percentage: 0 });
    expect(first.written_back).toEqual([
      expect.objectContaining({
        feature: 'one',
        state: 'pending',
        error: expect.stringContaining('remote.git'),
      }),
    ]);
    expect(first.heartbeat).toBeInstanceOf(Date);
    expect(await states(world)).toEqual(['one open pending']);
    expect((await world.incidents())[0]?.write_back_error).toContain('git');
    expect((await world.tick()).written_back).toMatchObject([{ state: 'pending' }]);
    await rename(`${away}.gone`, away);
    await world.tick();
    expect(await states(world)).toEqual(['one settled done']);
    expect(await (await cloneOf(away)).git('show', 'HEAD:rollout.yaml')).toContain('active: false');
  });

  it('a write-back puts several incidents into one commit, and leaves out a feature whose entry has errors', async () => {
    const features = { bad: { percentage: 10 }, one: { percentage: 20 }, two: { percentage: 30 } };
    const world = await tickWorld(features);
    const broken = await world.commit(tickFile({ ...features, bad: { percentage: 101 } }), 'a mistake');
    for (const feature of ['bad', 'one', 'two']) await world.record(feature, HARM);
    const result = await world.tick();
    expect(result.results.map(({ action }) => action)).toEqual(Array(3).fill('rolled_back'));
    const commits = await world.commitsSince(broken);
    expect(commits).toHaveLength(1);
    expect(commits[0]).toMatch(/^Roll back one, two\n/);
    expect(commits[0]?.match(/^Rollout-Incident: \d+$/gm)).toHaveLength(2);
    expect(result.written_back.find(({ feature }) => feature === 'bad')).toMatchObject({
      state: 'pending',
      error: expect.stringContaining('has errors, so bad was left as it is'),
    });
    expect(await states(world)).toEqual(['two settled done', 'one settled done', 'bad open pending']);
    expect(await world.fileAt()).toContain('"bad": {"percentage":101}');
    await world.commit(tickFile(features), 'mended');
    await world.tick();
    expect((await states(world)).at(-1)).toBe('bad settled done');
  });

  it('a write-back is proposed on a branch when the file asks for a pull request, and kept up to date', async () => {
    const spec = { percentage: 25, rollback: { via: 'pull_request' } };
    const world = await tickWorld({ one: spec });
    await world.record('one', HARM);
    expect((await world.tick()).written_back).toMatchObject([{ state: 'proposed', error: null }]);
    expect(await world.fileAt()).not.toContain('active');
    expect(await world.fileAt('rollout/hold/one')).toContain('active: false');
    const body = await world.repository.git('log', '-1', '--format=%B', 'rollout/hold/one');
    expect(body).toContain('merging this changes 0 subjects');
    await world.commit(tickFile({ one: spec, two: {} }), 'another feature');
    await world.tick();
    expect(await world.fileAt('rollout/hold/one')).toContain('"two"');
    expect(await states(world)).toEqual(['one open proposed']);
    await world.repository.git('merge', '--quiet', '--no-edit', 'rollout/hold/one');
    await world.tick();
    expect(await states(world)).toEqual(['one settled done']);
  });

  it('a write-back whose branch is deleted unmerged lifts nothing and is proposed again', async () => {
    const world = await tickWorld({ one: { percentage: 25, rollback: { via: 'pull_request' } } });
    await world.record('one', HARM);
    await world.tick();
    await world.repository.git('branch', '--quiet', '-D', 'rollout/hold/one');
    const result = await world.tick();
    expect(result.reconciled?.changes).toMatchObject([{ action: 'held', feature: 'one' }]);
    expect(await world.row('one')).toMatchObject({ active: false });
    expect(await world.fileAt('rollout/hold/one')).toContain('active: false');
  });

  it('a write-back writes nothing into the file of another environment', async () => {
    const world = await tickWorld({ one: { percentage: 25 } }, { environment: 'staging' });
    const other = await world.commit(tickFile({ one: { percentage: 25 } }, { environment: 'production' }));
    await world.record('one', HARM);
    const result = await world.tick();
    expect(result.reconcile_error?.message).toContain('this is the database of staging');
    expect(result.written_back).toMatchObject([{ state: 'pending' }]);
    expect(result.written_back[0]?.error).toContain('this is the database of staging');
    expect(await world.commitsSince(other)).toEqual([]);
    expect(await world.row('one')).toMatchObject({ active: false });
  });

  it('a write-back keeps later edits of other people, and lowers only exposure', async () => {
    const world = await tickWorld({ one: { percentage: 25 } });
    const text = tickFile({ one: { percentage: 50, whitelist: ['r9'], owner: 'ada', blacklist: ['r8'] } });
    await world.record('one', HARM);
    await world.commit('version: [', 'nothing can be read');
    await world.tick();
    expect(await states(world)).toEqual(['one open pending']);
    await world.commit(text, 'mended, and more');
    await world.tick();
    expect(await world.fileAt()).toBe(text.replace('50', '0').replace('"r8"]', '"r8"], active: false'));
    expect(await states(world)).toEqual(['one settled done']);
  });

  it('a write-back of a manual reduction writes exactly what was reduced', async () => {
    const text = `version: 1
defaults: { rollback: { fuse: false } }
features:
  one:
    percentage: 25        # a quarter
    categories: [test, small]
    whitelist:
      - acme/r1           # the first
      - r2                # the second
    blacklist: []
`;
    const world = await tickWorldOf(text);
    await addRepositories(world.db, 10);
    await world.reconcile();
    await world.db.pool.query(
      `update rollout_configuration set rollout_percentage = 5, target_repositories = array_remove(target_repositories, 'r2'),
         excluded_repositories = '{r7}', categories = '{test}'`,
    );
    await world.tick();
    expect(await world.fileAt()).toBe(
      text
        .replace('25        #', '5        #')
        .replace('[test, small]', '[test]')
        .replace('      - r2                # the second\n', '')
        .replace('blacklist: []', 'blacklist: [r7]'),
    );
    expect(await states(world)).toEqual(['one settled done']);
    expect(await world.row('one')).toMatchObject({ percentage: 5, active: true });
    expect((await world.tick()).reconciled?.changes).toEqual([]);
  });
});
