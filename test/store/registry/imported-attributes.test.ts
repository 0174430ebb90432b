import { describe, expect, it } from 'vitest';
import { applyFeature } from '../../helpers/data/features.ts';
import { importText, problemsOf } from '../../helpers/data/imports.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();

const factsOf = async () =>
  Object.fromEntries(
    (await db.rows(`select repository_id as id, facts from repository_categories order by 1`)).map(
      ({ id, facts }) => [id, facts],
    ),
  );

describe('attributes of repositories in a file', () => {
  it('attributes stay if a file lacks the column, and are replaced if it has it', async () => {
    await importText(
      db.pool,
      'id,full_name,attributes\n1,Acme/a,"{""region"":""eu"",""Plan"":""Pro""}"\n2,acme/b,\n',
    );
    expect(await factsOf()).toEqual({
      1: { owner: 'acme', region: 'eu', Plan: 'Pro' },
      2: { owner: 'acme' },
    });
    await importText(db.pool, 'id,full_name\n1,other/a\n2,acme/b\n');
    expect(await factsOf()).toEqual({
      1: { owner: 'other', region: 'eu', Plan: 'Pro' },
      2: { owner: 'acme' },
    });
    await importText(db.pool, 'id,full_name,attributes\n1,other/a,"{""plan"":""pro"",""region"":null}"\n');
    expect(await factsOf()).toEqual({ 1: { owner: 'other', plan: 'pro' }, 2: { owner: 'acme' } });
  });

  it('attributes that are not texts, or that set the owner, are refused with their line', async () => {
    const given = ['[1]', '{""n"":1}', '{""owner"":""evil""}', '{""a"":{}}'];
    const lines = given.map((json, n) => `x${n},x/r${n},"${json}"`);
    const problems = await problemsOf(importText(db.pool, `id,full_name,attributes\n${lines.join('\n')}\n`));
    expect(problems.filter((line) => line.startsWith('line '))).toHaveLength(given.length);
  });

  it('an import reports who enters and leaves by an attribute whose name every object has', async () => {
    const narrowed = JSON.parse(
      '{"percentage":100,"where":{"__proto__":["a.b"]},"not":{"constructor":["x"]}}',
    );
    await applyFeature(db.pool, 'one', narrowed);
    const file = (json: string) =>
      `{"id":"1","full_name":"other/a","attributes":${json}}\n{"id":"2","full_name":"acme/b","attributes":{}}\n`;
    const moved = async (json: string) =>
      (await importText(db.pool, file(json), { format: 'ndjson' })).movements;
    expect(await moved('{"__proto__":"A.B","constructor":"y"}')).toEqual([]);
    expect(await moved('{"__proto__":"a.b"}')).toEqual([]);
    expect(await moved('{"__proto__":"a.b","constructor":"y"}')).toEqual([
      { feature: 'one', entering: 1, leaving: 0 },
    ]);
    expect(await moved('{}')).toEqual([{ feature: 'one', entering: 0, leaving: 1 }]);
  });
});
