import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { connect, openPool, readOnly } from '../../../src/store/db/client.ts';
import { selfCheck } from '../../../src/store/db/self-check.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature, importRows, repository } from '../../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

async function withSettings(settings: Record<string, string>): Promise<TestDatabase> {
  const db = await testDatabase();
  for (const [name, value] of Object.entries(settings)) {
    await db.rows(`alter database ${db.name} set ${name} = '${value}'`);
  }
  return db;
}

const FOREIGN = [
  { datestyle: 'German', timezone: 'Asia/Kolkata', intervalstyle: 'sql_standard', extra_float_digits: '0' },
  {
    datestyle: 'SQL, DMY',
    timezone: 'America/Sao_Paulo',
    intervalstyle: 'iso_8601',
    extra_float_digits: '3',
  },
  { datestyle: 'Postgres, MDY', timezone: 'America/St_Johns', intervalstyle: 'postgres_verbose' },
  { datestyle: 'ISO, MDY', intervalstyle: 'iso_8601' },
];

const bounds = async (db: TestDatabase) =>
  (
    await db.rows<{ name: string; bounds: string }>(
      `select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bounds
       from pg_class c, (select set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO', false)) s
       where c.relispartition and c.relkind = 'r' and c.relname ~ '_2031' order by 1`,
    )
  ).map(({ name, bounds }) => `${name} ${bounds}`);

describe.each(FOREIGN)('a database with settings of its own: %j', (settings) => {
  it('a database with settings of its own is read and written like any other, in and outside transactions', async () => {
    const db = await withSettings(settings);
    const pool = openPool(db.connectionString);
    try {
      await applyFeature(pool, 'capture', { percentage: 50 });
      expect(await importRows(pool, [repository('r1')])).toMatchObject({ added: 1 });
      const store = createStore(pool);
      const [entry] = await store.reading((read) => read.history.list({ feature: 'capture' }));
      expect(Math.abs(Date.now() - (entry?.created_at.getTime() ?? 0))).toBeLessThan(3_600_000);
      const single = await pool.query(
        `select timestamptz '2031-02-03T04:05:06.123Z' as at, interval '1 day 2 hours' as span, $1::date as day`,
        ['2031-02-03'],
      );
      const inside = await readOnly(pool, (client) =>
        client.query(`select timestamptz '2031-02-03T04:05:06.123Z' as at, interval '1 day 2 hours' as span`),
      );
      for (const { rows } of [single, inside]) {
        expect(rows[0]).toMatchObject({
          at: new Date('2031-02-03T04:05:06.123Z'),
          span: { days: 1, hours: 2 },
        });
      }
      expect((await store.incidents.stop('capture', 'why', 'ada')).stopped).toEqual(['capture']);
      await expect(pool.query(`select 1 / 0`)).rejects.toThrow('division by zero');
      expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    } finally {
      await pool.end();
    }
  });

  it('a session of a database with settings of its own is left unchanged for a pooler’s next client', async () => {
    const db = await withSettings(settings);
    const client = await connect(db.connectionString);
    await client.query('select now()');
    await client.query('begin');
    await client.query('select now()');
    await client.query('commit');
    // The driver's own query, which settles nothing.
    const raw = pg.Client.prototype.query.bind(client) as (sql: string) => Promise<pg.QueryResult>;
    const { rows } = await raw('show datestyle');
    await client.end();
    expect(rows[0].DateStyle).toBe(settings.datestyle.replace('German', 'German, DMY'));
  });

  it('a database with settings of its own has partitions of the same days', async () => {
    const [usual, foreign] = [await testDatabase(), await withSettings(settings)];
    for (const db of [usual, foreign])
      await (await db.client()).query(`select rollout_create_partitions('2031-03-29', 3)`);
    expect(await bounds(foreign)).toEqual(await bounds(usual));
    expect(await bounds(foreign)).toHaveLength(9);
    expect((await bounds(foreign))[0]).toContain(
      `FROM ('2031-03-29 00:00:00+00') TO ('2031-03-30 00:00:00+00')`,
    );
    await (await foreign.client()).query(`select * from rollout_maintain()`);
  });
});

describe('a database that rounds its numbers', () => {
  it('a database that rounds its numbers is refused with the way out, and one that does not is accepted', async () => {
    const rounding = await withSettings({ extra_float_digits: '-3' });
    const pool = openPool(rounding.connectionString);
    await expect(selfCheck(pool)).rejects.toMatchObject({
      code: 'database_incompatible',
      message: 'extra_float_digits is -3 for this role and database, so numbers arrive rounded',
      hint: 'set it to 0 or more: alter database ... set extra_float_digits = 1',
    });
    await pool.end();
    const usual = openPool((await withSettings({ extra_float_digits: '0' })).connectionString);
    await selfCheck(usual);
    await usual.end();
  });
});
