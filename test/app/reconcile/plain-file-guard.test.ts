import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/projects/git.ts';
import {
  checksum,
  fileOf,
  type GitProject,
  gitProject,
  liveState,
  openProject,
  type Project,
  project,
} from '../../helpers/projects/project.ts';

const at = (percentage: number) => fileOf({ one: { percentage } }, { environment: 'production' });
const live = async ({ db }: Project) => (await liveState(db, 'one')) ?? null;
const ON_50 = { percentage: 50, active: true, stopped: false };

/** A copy of the file without its repository, beside the same database. */
async function copyOf(real: Project): Promise<Project> {
  const folder = await temporaryFolder();
  await copyFile(real.file, join(folder, 'rollout.yaml'));
  return openProject(folder, real.db);
}

async function governed(percentage = 50): Promise<GitProject> {
  const real = await gitProject();
  await real.commit(at(percentage));
  await real.reconcile();
  return real;
}

const REFUSED = { code: 'revision_refused', message: expect.stringContaining('is not in a commit') };

describe('a database that is governed by commits', () => {
  it('a copy of the file without .git does not undo a rollback when commits govern the database', async () => {
    const real = await governed();
    const copy = await copyOf(real);
    expect((await real.cli(['rollback', 'one', '--reason', 'it fails'])).code).toBe(0);
    const before = await live(real);
    const tick = await copy.cli(['tick', '--json']);
    expect(tick.code).toBe(1);
    expect(JSON.parse(tick.stdout).reconcile_error.message).toMatch(
      /governed by commits .* is not in a commit/,
    );
    await expect(copy.reconcile()).rejects.toMatchObject(REFUSED);
    expect(await live(real)).toEqual(before);
    expect((await real.history('one')).map(({ action }) => action)).not.toContain('resumed');
  });

  it('the same file is accepted from a commit on top of the one that settled', async () => {
    const real = await governed();
    expect((await real.cli(['rollback', 'one', '--reason', 'it fails'])).code).toBe(0);
    await real.commit(at(50), 'try again');
    expect((await real.cli(['tick'])).code).toBe(0);
    expect(await live(real)).toEqual(ON_50);
  });

  it('a copy of the file does not undo a merge that lowered the feature', async () => {
    const real = await governed();
    const copy = await copyOf(real);
    await real.commit(at(5));
    await real.reconcile();
    await expect(copy.reconcile({ allowRewind: true })).rejects.toMatchObject(REFUSED);
    expect(await live(real)).toMatchObject({ percentage: 5 });
  });

  it('commits govern a database even after the stored commit was cleared by hand', async () => {
    const real = await governed();
    const copy = await copyOf(real);
    await real.db.pool.query(`update rollout_state set revision = null`);
    await expect(copy.reconcile()).rejects.toMatchObject(REFUSED);
  });

  it('a plan reports that reconcile refuses the file, and exits with the code of a refusal', async () => {
    const copy = await copyOf(await governed());
    await copy.write(at(80));
    const plan = await copy.cli(['plan']);
    expect(plan.code).toBe(3);
    expect(plan.stdout).toContain('reconcile refuses this file');
    expect(plan.stdout).toContain('rollout adopt-file --reason');
  });

  it('a file that its repository has not committed is refused, and so is a detached HEAD', async () => {
    const real = await governed();
    const folder = await temporaryFolder();
    const other = await gitProject();
    await mkdir(join(folder, 'x'), { recursive: true });
    await other.repository.commit({ 'readme.md': 'no configuration here' });
    await writeFile(join(other.dir, 'rollout.yaml'), at(80));
    const beside = await openProject(other.dir, real.db);
    await expect(beside.reconcile()).rejects.toMatchObject({ code: 'file_missing' });
    await other.repository.commit({ 'rollout.yaml': at(80) });
    await other.repository.git('checkout', '--quiet', '--detach');
    await expect(beside.reconcile()).rejects.toMatchObject({ code: 'revision_refused' });
    expect(await live(real)).toEqual(ON_50);
  });

  it.each([
    [['set', 'one', '60', '--yes']],
    [['whitelist', 'add', 'one', 'r9', '--yes']],
    [['mark-test', 'acme/r1', '--yes']],
    [['auto-rollback', 'one', 'off', '--yes']],
    [['resume', 'one', '--percentage', '10', '--reason', 'why not', '--yes']],
  ])('%j beside a copy of the file changes neither the database nor the copy', async (args) => {
    const copy = await copyOf(await governed());
    const before = await checksum(copy.db);
    const result = await copy.cli(args);
    expect(result.code).toBe(1);
    expect(await readFile(copy.file, 'utf8')).toBe(at(50));
    expect(await checksum(copy.db)).toEqual(before);
  });

  it('a rollback beside a copy of the file works, and the repository gets the write-back', async () => {
    const real = await governed();
    const copy = await copyOf(real);
    const rollback = await copy.cli(['rollback', 'one', '--reason', 'it fails', '--json']);
    expect(JSON.parse(rollback.stdout)).toMatchObject({
      incident: '1',
      written_back: null,
      pending: expect.stringContaining('is not in a commit'),
    });
    expect(await live(real)).toMatchObject({ active: false });
    await copy.cli(['tick']);
    expect(await readFile(copy.file, 'utf8')).toBe(at(50));
    expect((await real.cli(['tick'])).code).toBe(0);
    expect(await readFile(real.file, 'utf8')).toContain('active: false');
    const [incident] = await real.db.rows(`select state, write_back from rollout_incidents`);
    expect(incident).toMatchObject({ state: 'settled' });
  });
});

describe('adopt-file', () => {
  it('adopt-file applies one content once, keeps the governing commit and is noted in history', async () => {
    const real = await governed();
    const [{ revision } = {}] = await real.db.rows(`select revision from rollout_state`);
    const copy = await copyOf(real);
    await copy.write(at(60));
    const args = ['adopt-file', '--reason', 'the repository is away'];
    expect((await copy.cli(args)).code).toBe(1);
    expect(await live(real)).toEqual(ON_50);
    const done = await copy.cli([...args, '--yes', '--json']);
    expect(done.code).toBe(0);
    expect(await live(real)).toMatchObject({ percentage: 60 });
    const { digest } = JSON.parse(done.stdout);
    expect((await real.history('one')).at(-1)).toMatchObject({
      revision: null,
      reason: expect.stringMatching(/^the repository is away \(/),
      metadata: { adopted_file: digest },
    });
    expect(await real.db.rows(`select revision from rollout_state`)).toEqual([{ revision }]);
    await copy.write(at(70));
    await expect(copy.reconcile()).rejects.toMatchObject(REFUSED);
    await expect(copy.cli([...args, '--yes', '--digest', digest])).resolves.toMatchObject({ code: 1 });
    expect(await live(real)).toMatchObject({ percentage: 60 });
    await real.reconcile();
    expect(await live(real)).toEqual(ON_50);
  });

  it('adopt-file lifts no hold, neither of an open nor of a settled incident', async () => {
    const real = await governed();
    const copy = await copyOf(real);
    await real.controller.store.incidents.rollBack({
      ...{ feature: 'one', actor: 'tester', reason: 'it fails', severity: 'warning', to: null },
      ...{ evidence: {}, epoch: null },
    });
    const adopt = () => copy.cli(['adopt-file', '--reason', 'I know better', '--yes']);
    const states = () => real.db.rows(`select state from rollout_incidents`);
    expect((await adopt()).code).toBe(3);
    await copy.write(fileOf({ one: { active: false } }, { environment: 'production' }));
    expect((await adopt()).code).toBe(3);
    expect(await states()).toEqual([{ state: 'open' }]);
    expect((await real.cli(['tick'])).code).toBe(0);
    expect(await states()).toEqual([{ state: 'settled' }]);
    await copy.write(at(10));
    expect((await adopt()).code).toBe(3);
    expect(await live(real)).toMatchObject({ active: false });
    expect(await states()).toEqual([{ state: 'open' }]);
  });

  it('adopt-file reports that it is not needed when no commit governs', async () => {
    const one = await project();
    await one.write(at(10));
    const result = await one.cli(['adopt-file', '--reason', 'first use', '--yes']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('rollout reconcile');
    expect(await live(one)).toBeNull();
  });
});

describe('a plain file, where no commit ever was', () => {
  async function rolledBack(): Promise<Project> {
    const one = await project();
    await one.apply(at(50));
    expect((await one.cli(['rollback', 'one', '--via', 'file', '--reason', 'it fails'])).code).toBe(0);
    await one.reconcile();
    expect(await one.db.rows(`select state from rollout_incidents`)).toEqual([{ state: 'settled' }]);
    return one;
  }

  it('a plain file counts when there was never a commit: it creates, raises and lowers', async () => {
    const one = await project();
    for (const percentage of [10, 50, 5]) {
      await one.apply(at(percentage));
      expect(await live(one)).toMatchObject({ percentage });
    }
  });

  it('a plain file that rises above a settled incident is held', async () => {
    const one = await rolledBack();
    const { changes } = await one.apply(at(50));
    expect(changes).toMatchObject([{ action: 'held', incident: '1' }]);
    expect(changes[0]?.reason).toMatchObject({ code: 'reopened', settlement: 'uncommitted' });
    expect(await live(one)).toMatchObject({ active: false });
  });

  it('a plain file may rise as far as a permit allows', async () => {
    const one = await rolledBack();
    const resume = ['resume', 'one', '--percentage', '20', '--reason', 'mended', '--yes'];
    expect((await one.cli(resume)).code).toBe(0);
    expect(await live(one)).toMatchObject({ percentage: 20, active: true });
    await one.apply(at(50));
    expect(await live(one)).toEqual(ON_50);
  });

  it('a change that would be held is refused before the plain file is edited, with the command that raises', async () => {
    const one = await project();
    await one.apply(at(50));
    await one.cli(['rollback', 'one', '--to', '5', '--via', 'file', '--reason', 'it fails']);
    await one.reconcile();
    expect(await one.db.rows(`select state from rollout_incidents`)).toEqual([{ state: 'settled' }]);
    const before = await readFile(one.file, 'utf8');
    for (const args of [
      ['set', 'one', '50'],
      ['whitelist', 'add', 'one', 'r7'],
    ]) {
      const { code, stderr } = await one.cli([...args, '--yes']);
      expect(code).not.toBe(0);
      expect(stderr).toContain('nothing was changed, because one would then be held');
      expect(stderr).toContain(
        'to raise it above incident 1, run: rollout resume one --percentage N --reason "..."',
      );
      expect(await readFile(one.file, 'utf8')).toBe(before);
    }
    expect(await one.cli(['set', 'one', '3', '--yes'])).toMatchObject({ code: 0, stderr: '' });
    expect(await live(one)).toMatchObject({ percentage: 3 });
    expect(
      await one.cli(['resume', 'one', '--percentage', '20', '--reason', 'mended', '--yes']),
    ).toMatchObject({
      ...{ code: 0, stderr: '' },
    });
    expect(await live(one)).toMatchObject({ percentage: 20 });
    expect(await one.cli(['set', 'one', '30', '--yes'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('a plain file that moves into a repository still needs the permit', async () => {
    const one = await gitProject();
    const plain = await project();
    const first = await openProject(plain.dir, one.db);
    await first.apply(at(50));
    await first.cli(['rollback', 'one', '--via', 'file', '--reason', 'it fails']);
    await first.reconcile();
    await one.commit(at(50));
    expect((await one.reconcile()).changes).toMatchObject([{ action: 'held' }]);
    expect(await live(one)).toMatchObject({ active: false });
  });
});
