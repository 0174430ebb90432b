import { describe, expect, it } from 'vitest';
import { writeBackPending } from '../../../src/app/incidents/write-back.ts';
import { fileOf, gitProject, project } from '../../helpers/projects/project.ts';

/** Customers at 40%, of whom SQL left less. */
async function customersReducedBy(assignment: string) {
  const project = await gitProject();
  const { commit, reconcile, controller, db, repository } = project;
  await commit(fileOf({ pilot: { subject: 'customer', percentage: 40, whitelist: ['c1'] } }));
  await reconcile();
  await db.rows(`update rollout_configuration set ${assignment} where feature_name = 'pilot'`);
  const adopted = (await reconcile()).changes.map(({ action }) => action);
  const [written] = await writeBackPending(controller);
  const text = await repository.git('show', 'HEAD:rollout.yaml');
  return { adopted, written, text, settled: (await reconcile()).changes.map(({ action }) => action) };
}

describe('a hold by sizes, which customers do not have', () => {
  it('a hold by sizes is written back for customers as 0%, and keeps the whitelist', async () => {
    const { adopted, written, text, settled } = await customersReducedBy(`categories = '{test}'`);
    expect(adopted).toEqual(['adopt_drift']);
    expect(written).toMatchObject({ feature: 'pilot', state: 'done' });
    expect(text).toContain('{"subject":"customer","percentage":0,"whitelist":["c1"]}');
    expect(settled).toEqual(['settle']);
  });

  it('a hold of customers is written back as the lower percentage when only that was lowered by SQL', async () => {
    const { text, settled } = await customersReducedBy('rollout_percentage = 10');
    expect(text).toContain('{"subject":"customer","percentage":10,"whitelist":["c1"]}');
    expect(settled).toEqual(['settle']);
  });
});

describe('a hold of repositories under a file that is about customers by now', () => {
  it.each([
    [
      { subject: 'customer', percentage: 5, whitelist: ['c1'] },
      '{"subject":"customer","percentage":0,"whitelist":[]}',
    ],
    [
      { subject: 'customer', strategy: 'whitelist', whitelist: ['c1'] },
      '{"subject":"customer","strategy":"whitelist","whitelist":[]}',
    ],
  ])(
    'a hold of repositories is written back for customers as nobody, and settles: %j',
    async (entry, expected) => {
      const { commit, reconcile, controller, db, repository } = await gitProject();
      await commit(fileOf({ one: { percentage: 40, whitelist: ['r1'] } }));
      await reconcile();
      await db.rows('update rollout_configuration set rollout_percentage = 10');
      expect((await reconcile()).changes.map(({ action }) => action)).toEqual(['adopt_drift']);
      await commit(fileOf({ one: entry }));
      expect((await reconcile()).changes).toMatchObject([{ action: 'held', subject: 'repository' }]);
      expect(await writeBackPending(controller)).toMatchObject([{ state: 'done' }]);
      expect(await repository.git('show', 'HEAD:rollout.yaml')).toContain(expected);
      expect((await reconcile()).changes).toMatchObject([{ action: 'settle', subject: 'customer' }]);
      // The tick after that has nothing to do.
      expect(await writeBackPending(controller)).toEqual([]);
      expect((await reconcile()).changes).toEqual([]);
    },
  );
});

describe('a settled incident of repositories', () => {
  it('a file for customers exceeds a settled incident of repositories even at the allowed percentage', async () => {
    const { apply, reconcile, write, db } = await project();
    await apply(fileOf({ one: { percentage: 40 } }));
    await db.rows('update rollout_configuration set rollout_percentage = 5');
    expect((await reconcile()).changes).toMatchObject([{ action: 'adopt_drift' }]);
    await write(fileOf({ one: { percentage: 5 } }));
    expect((await reconcile()).changes).toMatchObject([{ action: 'settle' }]);
    await write(fileOf({ one: { percentage: 5, subject: 'customer' } }));
    expect((await reconcile()).changes).toMatchObject([
      { action: 'held', reason: { code: 'reopened', settlement: 'uncommitted' }, subject: 'repository' },
    ]);
    // Nobody is in of customers at 0%, so that is no raise.
    await write(fileOf({ one: { percentage: 0, subject: 'customer' } }));
    expect((await reconcile()).changes).toMatchObject([{ action: 'settle', subject: 'customer' }]);
  });
});

describe('a settled incident of repositories whose feature is about customers by now', () => {
  it('after a file for no customers settled an incident of repositories, none enters without a permit', async () => {
    const { apply, reconcile, write, db } = await project();
    await apply(fileOf({ one: { percentage: 40 } }));
    await db.rows('update rollout_configuration set rollout_percentage = 5');
    expect((await reconcile()).changes).toMatchObject([{ action: 'adopt_drift' }]);
    // Nobody of another kind is less than it held: the file agrees, and the row has the other kind.
    await write(fileOf({ one: { percentage: 0, subject: 'customer' } }));
    expect((await reconcile()).changes).toMatchObject([{ action: 'settle', subject: 'customer' }]);
    await write(fileOf({ one: { percentage: 5, subject: 'customer' } }));
    expect((await reconcile()).changes).toMatchObject([
      { action: 'held', reason: { code: 'reopened', settlement: 'uncommitted' } },
    ]);
    const sql =
      'select subject_type as kind, rollout_percentage::float8 as percentage from rollout_configuration';
    expect(await db.rows(sql)).toEqual([{ kind: 'customer', percentage: 0 }]);
    const held = `select state, held ->> 'subject' as kind, (held ->> 'percentage')::float8 as percentage from rollout_incidents`;
    expect(await db.rows(held)).toEqual([{ state: 'open', kind: 'customer', percentage: 0 }]);
    // The same world again changes nothing.
    expect((await reconcile()).changes).toMatchObject([{ action: 'held' }]);
    expect(await db.rows(sql)).toEqual([{ kind: 'customer', percentage: 0 }]);
  });

  it('after an ordinary change to no customers, none enters beyond a settled incident of repositories', async () => {
    const { apply, reconcile, write, db } = await project();
    await apply(fileOf({ one: { percentage: 40 } }));
    await db.rows('update rollout_configuration set rollout_percentage = 5');
    await reconcile();
    await write(fileOf({ one: { percentage: 5 } }));
    expect((await reconcile()).changes).toMatchObject([{ action: 'settle' }]);
    await write(fileOf({ one: { percentage: 0, subject: 'customer' } }));
    expect((await reconcile()).changes).toMatchObject([{ action: 'update' }]);
    await write(fileOf({ one: { percentage: 4, subject: 'customer' } }));
    expect((await reconcile()).changes).toMatchObject([{ action: 'held', reason: { code: 'reopened' } }]);
  });
});
