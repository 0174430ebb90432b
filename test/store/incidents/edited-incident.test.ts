import { beforeAll, describe, expect, it } from 'vitest';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature, historyOf } from '../../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

let db: TestDatabase;

/** A feature of its own with an open incident. */
async function stopped(feature: string): Promise<string> {
  await applyFeature(db.pool, feature, { percentage: 50 });
  await createStore(db.pool).incidents.stop(feature, 'it burns', 'grace');
  const [row] = await db.rows<{ id: string }>(
    `select id::text from rollout_incidents where feature_name = $1 and state = 'open'`,
    [feature],
  );
  return row?.id ?? '';
}

const added = async (feature: string, before: number) => (await historyOf(db.pool, feature)).slice(before);

beforeAll(async () => {
  db = await testDatabase();
});

describe('what an incident held', () => {
  const wider = (incident: string) =>
    `update rollout_incidents i set held = held || '{"percentage": 100, "emergency_stop": false}' where id = ${incident}`;

  it('SQL cannot change what an incident holds, and the refusal names the next command', async () => {
    const incident = await stopped('held');
    await expect(db.pool.query(wider(incident))).rejects.toMatchObject({
      message: `held of incident ${incident} is not changed by SQL`,
      hint: 'To raise the feature, run: rollout resume held --reason ...',
    });
  });

  it('a block or function disguised as the permitted one cannot change what an incident holds', async () => {
    const incident = await stopped('disguised');
    const statement = 'update public.rollout_incidents i set held = exposure where i.id = incident';
    const body = `declare exposure jsonb := (select held || '{"percentage": 100}' from public.rollout_incidents where id = ${incident});
      incident bigint := ${incident}; begin ${statement}; end`;
    await expect(db.pool.query(`do $$ ${body} $$`)).rejects.toThrow('is not changed by SQL');
    await db.pool.query(`create schema if not exists mine;
      create function mine.rollout_reopen_incident(bigint, jsonb) returns void language plpgsql as $$ ${body} $$;
      create function mine."x public.rollout_reopen_incident("() returns void language plpgsql as $$ ${body} $$`);
    for (const call of [
      'mine.rollout_reopen_incident(1, null)',
      'mine."x public.rollout_reopen_incident("()',
    ]) {
      await expect(db.pool.query(`select ${call}`)).rejects.toThrow('is not changed by SQL');
    }
  });

  it('only a reconcile that reopens a settled incident changes what it holds', async () => {
    const incident = await stopped('reopened');
    const held = async () =>
      (await db.rows(`select held ->> 'percentage' as p from rollout_incidents where id = $1`, [incident]))[0]
        ?.p;
    const before = await held();
    const reopen = () =>
      db.rows(
        `select rollout_reopen_incident(id, held || '{"percentage": 3}') from rollout_incidents where id = $1`,
        [incident],
      );
    await reopen();
    expect(await held()).toBe(before);
    await db.rows(`update rollout_incidents set state = 'settled' where id = $1`, [incident]);
    await reopen();
    expect(await held()).toBe('3');
  });
});

describe('an incident with a value that nobody can read', () => {
  const whole =
    '{"active": true, "emergency_stop": false, "strategy": "percentage", "percentage": 5, "categories": null, "whitelist": [], "blacklist": [], "salt": "s"}';
  const withField = (field: object) => JSON.stringify({ ...JSON.parse(whole), ...field });
  const wrong = [
    'null',
    '5',
    '[]',
    '{}',
    withField({ active: 'yes' }),
    withField({ percentage: '5' }),
    withField({ percentage: [5] }),
    withField({ percentage: 500 }),
    withField({ strategy: 'everybody' }),
    withField({ whitelist: 'r1' }),
    withField({ whitelist: [1] }),
    withField({ blacklist: null }),
    withField({ categories: ['huge'] }),
    withField({ categories: 'small' }),
    withField({ salt: null }),
  ];

  it.each(wrong)('an incident edited to %s is refused by the database', async (value) => {
    await applyFeature(db.pool, 'shapes', { percentage: 50 });
    for (const [column, text] of [
      ['held', value],
      ['before', value],
      [
        'permit',
        `{"ceiling": ${value}, "granted_by": "a", "reason": "b", "expires_at": "2030-01-01T00:00:00Z"}`,
      ],
    ] as const) {
      await expect(
        db.pool.query(
          `insert into rollout_incidents (feature_name, kind, reason, opened_by, held${column === 'held' ? '' : `, ${column}`})
           values ('shapes', 'drift', '', 'x', ${column === 'held' ? '$1' : `'${whole}', $1`})`,
          [text],
        ),
      ).rejects.toMatchObject({ code: '23514' });
    }
  });

  it.each([
    `{"ceiling": ${whole}}`,
    `{"ceiling": ${whole}, "granted_by": "a", "reason": "b", "expires_at": "tomorrow, I think"}`,
    `{"ceiling": ${whole}, "granted_by": "a", "reason": "b", "expires_at": 5}`,
    '{}',
    '5',
  ])('the permit %s is refused by the database', async (permit) => {
    const incident = await stopped('permits');
    await expect(
      db.pool.query(`update rollout_incidents set permit = $1 where id = $2`, [permit, incident]),
    ).rejects.toThrow();
    await db.pool.query(`update rollout_incidents set permit = $1 where id = $2`, [
      `{"ceiling": ${whole}, "granted_by": "a", "reason": "b", "expires_at": "2030-01-01T00:00:00Z"}`,
      incident,
    ]);
    await db.pool.query(`update rollout_incidents set permit = null where id = $1`, [incident]);
  });
});

describe('a change of an incident by SQL', () => {
  const say = [
    ['settles it', `state = 'settled'`],
    ['ends it', `state = 'resumed'`],
    [
      'permits a raise',
      `permit = jsonb_build_object('ceiling', before, 'granted_by', 'me', 'reason', 'why', 'expires_at', now() + interval '1 day')`,
    ],
  ] as const;

  it.each(say)(
    'a change of an incident by SQL that %s is in history, even beside a change of its feature',
    async (name, set) => {
      const feature = `beside_${name.replaceAll(' ', '_')}`;
      const incident = await stopped(feature);
      const before = (await historyOf(db.pool, feature)).length;
      await db.pool.query(
        `begin; update rollout_configuration set max_error_rate = 7 where feature_name = '${feature}';
       update rollout_incidents set ${set} where id = ${incident}; commit`,
      );
      expect(await added(feature, before)).toMatchObject([
        { action: 'updated', reason: 'changed by SQL' },
        { action: 'note', reason: `incident ${incident} was changed by SQL` },
      ]);
    },
  );

  it('a note that names the incident does not hide a change of the incident by SQL', async () => {
    const incident = await stopped('hidden');
    const before = (await historyOf(db.pool, 'hidden')).length;
    await db.pool.query(
      `begin; select rollout_add_history('hidden', 'note', 'nothing happened', '{"incident": "${incident}"}');
       update rollout_incidents set state = 'resumed' where id = ${incident}; commit`,
    );
    expect((await added('hidden', before)).map(({ reason }) => reason)).toEqual([
      'nothing happened',
      `incident ${incident} was changed by SQL`,
    ]);
  });

  it('the controller’s own changes of an incident add no note about SQL', async () => {
    const store = createStore(db.pool);
    const incident = await stopped('controlled');
    const before = (await historyOf(db.pool, 'controlled')).length;
    const [row] = await db.rows<{ before: never }>(`select before from rollout_incidents where id = $1`, [
      incident,
    ]);
    expect(row).toBeDefined();
    if (row)
      await store.incidents.grantPermit({ incident, ceiling: row.before, actor: 'ada', reason: 'mended' });
    await store.incidents.stop('controlled', 'again', 'ada');
    expect((await added('controlled', before)).map(({ reason }) => reason)).toEqual([
      'may be raised again up to 50%: mended',
    ]);
  });
});
