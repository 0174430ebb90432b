import { describe, expect, it } from 'vitest';
import { matchingFile } from '../../../src/app/setup/init.ts';
import { explain } from '../../../src/app/views/explain.ts';
import { fileOf, project } from '../../helpers/projects/project.ts';

const INJECTIONS = [
  `'; drop table rollout_history; --`,
  `") or 1=1; --`,
  '$$; select pg_sleep(9) $$',
  '{a,b}',
  'back\\slash',
  '"quoted",',
  'NULL',
  '%s %1$L',
  'ünïcödé 🚀 中文',
  '--',
  'a'.repeat(255),
];

describe('hostile ids, owners and reasons', () => {
  it('hostile ids, owners and reasons are stored as they are and have no effect', async () => {
    const { apply, reconcile, db, controller, history, verify, plan, write } = await project();
    const [black, white] = [INJECTIONS.slice(0, 5), INJECTIONS.slice(5)];
    const text = fileOf({
      one: {
        whitelist: white,
        blacklist: black,
        description: INJECTIONS[0],
        owner: INJECTIONS[1],
        salt: INJECTIONS[2],
      },
    });
    const { changes, problems } = await apply(text);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(changes).toMatchObject([{ action: 'create' }]);
    for (const id of INJECTIONS) {
      await db.pool.query('insert into repository_categories (repository_id) values ($1)', [id]);
      const { subject, reason } = await explain(controller.store, {
        feature: 'one',
        subject: id,
        environment: {},
      });
      expect({ subject, reason }).toEqual({
        subject: id,
        reason: white.includes(id) ? 'whitelist' : 'blacklist',
      });
    }
    expect(
      (await controller.store.reading((read) => read.features.eligible('one')))
        .get('one')
        ?.reduce((sum, { eligible }) => sum + eligible, 0),
    ).toBe(white.length);
    expect((await reconcile()).changes).toEqual([]);
    await write((await matchingFile(controller.store)).text);
    expect((await plan()).changes).toEqual([]);
    for (const reason of INJECTIONS) {
      await controller.store.incidents.stop('one', reason, reason);
      await db.pool.query(`update rollout_incidents set state = 'superseded'`);
    }
    const stops = (await history('one')).filter(({ action }) => action === 'emergency_stop');
    expect(stops.map(({ reason }) => reason)).toEqual(INJECTIONS.map((reason) => reason.trim()));
    expect(await verify()).toMatchObject({ valid: true });
  });

  it('ids of 10,000 characters are refused with their place in the file, and are harmless elsewhere', async () => {
    const { apply, controller, verify } = await project();
    const long = 'x'.repeat(10_000);
    const { problems, changes } = await apply(fileOf({ one: { whitelist: [long] }, two: {} }));
    expect(problems).toMatchObject([{ severity: 'error', path: 'features.one.whitelist[0]', line: 3 }]);
    expect(problems[0]?.message.length).toBeLessThan(300);
    expect(changes.map(({ feature, action }) => `${feature} ${action}`)).toEqual([
      'one refused',
      'two create',
    ]);
    await expect(
      explain(controller.store, { feature: 'two', subject: long, environment: {} }),
    ).rejects.toThrow('it must have at most 512 characters, and has 10000');
    expect(await controller.store.incidents.stop('two', long, long)).toMatchObject({ stopped: ['two'] });
    expect(await verify()).toMatchObject({ valid: true });
  });

  it.each([
    'a\u0000b',
    'a\u001b[31m',
    'line\nbreak',
    `'; drop table x`,
    'Upper',
    '',
    'ключ',
    '__proto__',
    'constructor',
  ])('the hostile feature key %j is an error of the file, or a key like any other', async (key) => {
    const { apply, db, verify } = await project();
    const { changes } = await apply(
      `version: 1\nfeatures:\n  ${JSON.stringify(key)}: { percentage: 5 }\n  good: {}\n`,
    );
    const actions = changes.map(({ feature, action }) => `${JSON.stringify(feature)} ${action}`);
    if (key === 'constructor') expect(actions).toEqual(['"constructor" create', '"good" create']);
    else
      expect(actions.filter((each) => each.endsWith('create'))).toEqual(
        changes.length === 0 ? [] : ['"good" create'],
      );
    expect((await db.rows('select feature_name as f from rollout_configuration')).length).toBe(
      actions.filter((each) => each.endsWith('create')).length,
    );
    expect(await verify()).toMatchObject({ valid: true });
  });
});
