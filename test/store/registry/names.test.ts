import { describe, expect, it } from 'vitest';
import { expectedExposure } from '../../../src/domain/plan/actual.ts';
import { hasDrifted, judgeDrift } from '../../../src/domain/plan/drift.ts';
import { readFeatures } from '../../../src/store/configuration/actual.ts';
import { evaluateInDatabase } from '../../../src/store/registry/lookup.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature, historyOf, importRows, repository } from '../../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

const listed = { whitelist: ['Acme/App', 'acme/Web', 'r9'], blacklist: ['evil/Corp'] };

async function database(): Promise<TestDatabase> {
  const db = await testDatabase();
  await applyFeature(db.pool, 'capture', { strategy: 'whitelist', ...listed });
  return db;
}

async function insert(db: TestDatabase, id: string, name: string): Promise<void> {
  await db.rows(`insert into repository_categories (repository_id, full_name) values ($1, $2)`, [id, name]);
}

async function decided(db: TestDatabase, ...ids: string[]): Promise<string[]> {
  const decisions = await Promise.all(ids.map((id) => evaluateInDatabase(db.pool, 'capture', id)));
  return decisions.map(({ eligible, reason }) => `${eligible ? 'in' : 'out'}: ${reason}`);
}

describe('a name in a list', () => {
  it('a listed name becomes an id in the transaction in which its repository appears, in any letter case', async () => {
    const db = await database();
    const client = await db.client();
    await client.query(
      `begin; insert into repository_categories (repository_id, full_name) values ('r1', 'ACME/app')`,
    );
    const { rows } = await client.query(
      `select target_repositories as list, resolved from rollout_configuration`,
    );
    await client.query('commit');
    expect(rows).toEqual([
      {
        list: ['acme/Web', 'r1', 'r9'],
        resolved: { 'Acme/App': 'r1', 'acme/Web': null, 'evil/Corp': null },
      },
    ]);
    expect(await decided(db, 'r1')).toEqual(['in: whitelist']);
  });

  it('a listed name becomes an id when a repository is renamed to it', async () => {
    const db = await database();
    await insert(db, 'r1', 'acme/old');
    expect(await decided(db, 'r1')).toEqual(['out: not_whitelisted']);
    await db.rows(`update repository_categories set full_name = 'acme/app' where repository_id = 'r1'`);
    expect(await decided(db, 'r1')).toEqual(['in: whitelist']);
  });

  it('a listed name stays with its renamed repository, and the name’s new owner inherits nothing', async () => {
    const db = await database();
    await insert(db, 'r1', 'acme/app');
    await db.rows(`update repository_categories set full_name = 'acme/new-name' where repository_id = 'r1'`);
    await insert(db, 'r2', 'acme/app');
    expect(await decided(db, 'r1', 'r2')).toEqual(['in: whitelist', 'out: not_whitelisted']);
    await applyFeature(db.pool, 'capture', {
      strategy: 'whitelist',
      ...listed,
      description: 'the same lists',
    });
    expect(await decided(db, 'r1', 'r2')).toEqual(['in: whitelist', 'out: not_whitelisted']);
  });

  it('a listed name is looked up again when it has left the file and comes back', async () => {
    const db = await database();
    await insert(db, 'r1', 'acme/app');
    await db.rows(`update repository_categories set full_name = 'acme/new-name' where repository_id = 'r1'`);
    await insert(db, 'r2', 'acme/app');
    await applyFeature(db.pool, 'capture', { strategy: 'whitelist' });
    await applyFeature(db.pool, 'capture', { strategy: 'whitelist', ...listed });
    expect(await decided(db, 'r1', 'r2')).toEqual(['out: not_whitelisted', 'in: whitelist']);
  });

  it('a name in the blacklist keeps out its resolved repository and the name’s current owner', async () => {
    const db = await database();
    await applyFeature(db.pool, 'capture', { percentage: 100, ...listed });
    await insert(db, 'b1', 'Evil/corp');
    await db.rows(`update repository_categories set full_name = 'good/corp' where repository_id = 'b1'`);
    await insert(db, 'b2', 'evil/CORP');
    await insert(db, 'b3', 'evil/corp2');
    expect(await decided(db, 'b1', 'b2', 'b3')).toEqual([
      'out: blacklist',
      'out: blacklist',
      'in: percentage',
    ]);
  });

  it('a name that SQL wrote into the blacklist matches the current name in any letter case', async () => {
    const db = await testDatabase();
    await db.rows(
      `insert into rollout_configuration (feature_name, is_active, rollout_percentage, excluded_repositories)
       values ('capture', true, 100, '{Evil/Corp}')`,
    );
    await insert(db, 'b1', 'eviL/corp');
    expect(await decided(db, 'b1')).toEqual(['out: blacklist']);
  });

  it('a customer’s name in a list matches nobody: only ids do', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', {
      subject: 'customer',
      strategy: 'whitelist',
      whitelist: ['a/b'],
    });
    await insert(db, 'r1', 'a/b');
    await db.rows(`insert into rollout_customers (customer_id, name) values ('c1', 'a/b'), ('a/b', 'x')`);
    expect(await decided(db, 'c1', 'a/b', 'r1')).toEqual([
      'out: not_whitelisted',
      'in: whitelist',
      'out: not_whitelisted',
    ]);
  });
});

describe('resolving a name', () => {
  it('resolving a name is recorded as a change of the population, with the resolved id', async () => {
    const db = await database();
    await insert(db, 'r1', 'acme/app');
    const rows = await historyOf(db.pool, 'capture');
    expect(rows).toMatchObject([
      { action: 'created' },
      { action: 'population_changed', reason: 'now known: Acme/App is r1' },
    ]);
    expect(rows[1]?.metadata).toMatchObject({ resolved: { 'Acme/App': 'r1' } });
  });

  it('resolving a name leaves the session’s claims about its own changes alone', async () => {
    const db = await database();
    const client = await db.client();
    await client.query(`begin; select set_config('rollout.action', 'drift_repaired', true), set_config('rollout.reason', 'mine', true);
      insert into repository_categories (repository_id, full_name) values ('r1', 'acme/app');
      update rollout_configuration set rollout_percentage = 1; commit`);
    expect((await historyOf(db.pool)).at(-1)).toMatchObject({ action: 'drift_repaired', reason: 'mine' });
  });

  it('resolving a name is not drift', async () => {
    const db = await database();
    await insert(db, 'r1', 'acme/app');
    await insert(db, 'b1', 'evil/corp');
    const actual = (await readFeatures(db.pool)).get('capture');
    if (!actual) throw new Error('no such feature');
    const expected = expectedExposure(actual, null);
    expect(expected && hasDrifted(judgeDrift(actual.columns, expected))).toBe(false);
    expect(actual.columns).toMatchObject({
      whitelist: ['acme/Web', 'r1', 'r9'],
      blacklist: ['b1', 'evil/corp'],
    });
  });

  it('the next reconcile resolves names that a session kept from being resolved', async () => {
    const db = await database();
    const client = await db.client();
    await client.query(`set rollout.import = 'on'`);
    await client.query(
      `insert into repository_categories (repository_id, full_name) values ('r1', 'acme/app')`,
    );
    expect(await decided(db, 'r1')).toEqual(['out: not_whitelisted']);
    await createStore(db.pool).registry.resolveNames('ada');
    expect(await decided(db, 'r1')).toEqual(['in: whitelist']);
  });
});

describe('an import', () => {
  it('an import resolves every name of its repositories, with one row of history per feature', async () => {
    const db = await database();
    await importRows(db.pool, [
      repository('r1', { name: 'acme/app' }),
      repository('r2', { name: 'ACME/web' }),
      repository('b1', { name: 'evil/corp' }),
    ]);
    expect(await decided(db, 'r1', 'r2', 'b1')).toEqual(['in: whitelist', 'in: whitelist', 'out: blacklist']);
    expect((await historyOf(db.pool, 'capture')).map(({ reason }) => reason)).toEqual([
      'new in the file: whitelist of 3',
      'now known: Acme/App is r1, acme/Web is r2, evil/Corp is b1',
      'import of a test: 2 enter, 0 leave',
    ]);
  });

  it('an import lets repositories swap names, and a name belongs to the last repository with it', async () => {
    const db = await database();
    const named = (id: string, name: string) => repository(id, { name });
    await importRows(db.pool, [named('r1', 'a/one'), named('r2', 'a/two'), named('r3', 'a/three')]);
    const swapped = await importRows(db.pool, [named('r1', 'A/Two'), named('r2', 'a/one')]);
    expect(swapped).toMatchObject({ added: 0, changed: 2, unchanged: 0 });
    const taken = await importRows(db.pool, [named('r4', 'a/three')]);
    expect(taken).toMatchObject({ received: 1, added: 1, changed: 0, unchanged: 0 });
    expect(
      await db.rows(`select repository_id as id, full_name as name from repository_categories order by 1`),
    ).toEqual([
      { id: 'r1', name: 'A/Two' },
      { id: 'r2', name: 'a/one' },
      { id: 'r3', name: null },
      { id: 'r4', name: 'a/three' },
    ]);
  });
});
