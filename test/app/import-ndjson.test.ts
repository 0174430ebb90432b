import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { importFixture, importText, problemsOf } from '../helpers/data/imports.ts';
import { testDatabase } from '../helpers/database/database.ts';

describe('importing NDJSON', () => {
  it('an import of NDJSON takes one object per line and allows omitted keys', async () => {
    const db = await testDatabase();
    const report = await importFixture(db.pool, 'repositories.ndjson');
    expect(report).toMatchObject({ received: 3, added: 3, ignored_columns: ['language'] });
    expect(
      await db.rows(`select repository_id as id, star_count as stars from repository_categories order by 1`),
    ).toEqual([
      { id: '1', stars: 2500 },
      { id: '2', stars: null },
      { id: '3', stars: null },
    ]);
    expect(await importFixture(db.pool, 'repositories.ndjson')).toMatchObject({ unchanged: 3 });
  });

  it('an import of NDJSON names every bad line with its number, whatever ends the lines', async () => {
    const db = await testDatabase();
    const lines = [
      '\ufeff{"id": "1", "stars": 1}',
      '{"id": "2", "stars": "many"}',
      '{"id": "3", "stars": 1.5}',
      '',
      'not json',
      '["4", 1]',
      '{"id": "5", "extra": 1}',
      '{"id": 12345678901234567890}',
      '{"id": {"of": "6"}}',
      '{"id": "a\u2028b", "stars": true}',
      '{"id": "7", "stars": {}}',
      '{"id": "8',
    ];
    expect(await problemsOf(importText(db.pool, lines.join('\r\n'), { format: 'ndjson' }))).toEqual([
      'a file has 10 bad lines; nothing was imported:',
      'line 2: stars is "many"; it must be a whole number from 0 to 2147483647, or empty',
      'line 3: stars is "1.5"; it must be a whole number from 0 to 2147483647, or empty',
      'line 5: not a JSON object on one line',
      'line 6: not a JSON object on one line',
      'line 7: "extra" is not among the keys of the first line',
      'line 8: id is "12345678901234567000"; it must be text (put an id that is a long number in quotes)',
      'line 9: id is "{\\"of\\":\\"6\\"}"; it must be text (put an id that is a long number in quotes)',
      'line 10: id is "a\\u{2028}b"; it must not contain the invisible character U+2028',
      'line 11: stars is "{}"; it must be a whole number from 0 to 2147483647, or empty',
      'line 12: not a JSON object on one line',
    ]);
  });

  it('an import of NDJSON reads characters and line ends that are split between two chunks', async () => {
    const db = await testDatabase();
    const bytes = Buffer.from('{"id": "1", "full_name": "é/ü"}\r\n{"id": "2", "full_name": "日/本"}\r\n');
    const stream = Readable.from([...bytes].map((byte) => Buffer.from([byte])));
    expect(await importText(db.pool, stream, { format: 'ndjson' })).toMatchObject({ added: 2 });
    expect(await db.rows(`select full_name from repository_categories order by repository_id`)).toEqual([
      { full_name: 'é/ü' },
      { full_name: '日/本' },
    ]);
  });
});

describe('text that no id and no column may have', () => {
  it.each([
    [
      'an id with half of a surrogate pair',
      '{"id":"a\\ud800"}',
      'id is "a\\u{d800}"; it must not contain half of a surrogate pair (U+D800)',
    ],
    ['an id with U+0000', '{"id":"a\\u0000b"}', 'it must not contain the control character U+0000'],
    [
      'an id with an invisible character',
      '{"id":"a\\u202eb"}',
      'it must not contain the invisible character U+202E',
    ],
    [
      'a name with half of a surrogate pair',
      '{"id":"1","full_name":"a/\\udc00"}',
      'full_name is "a/\\u{dc00}"; it must not contain half',
    ],
    [
      'a column with half of a surrogate pair',
      '{"id":"1","x\\ud800":1}',
      'line 1: the column "x\\u{d800}" must not contain half',
    ],
  ])('an import refuses %s and names its line', async (_what, line, words) => {
    const db = await testDatabase();
    for (const subject of ['repository', 'customer'] as const) {
      if (subject === 'customer' && line.includes('full_name')) continue;
      const refused = problemsOf(importText(db.pool, `${line}\n`, { format: 'ndjson', subject }));
      expect((await refused).join('\n')).toContain(words);
    }
  });

  it.each([
    [
      'an attribute with half of a surrogate pair',
      '{"id":"c1","plan":"p\\ud800"}',
      'plan is "p\\u{d800}"; it must not contain half',
    ],
    [
      'an attribute with a control character',
      '{"id":"c1","plan":"p\\u0007"}',
      'plan is "p\\u{7}"; it must not contain the control',
    ],
    [
      'a name with U+0000',
      '{"id":"c1","name":"n\\u0000"}',
      'name is "n\\u{0}"; it must not contain the control',
    ],
  ])('an import of customers refuses %s and names its line', async (_what, line, words) => {
    const db = await testDatabase();
    const options = { format: 'ndjson', subject: 'customer' } as const;
    expect((await problemsOf(importText(db.pool, `${line}\n`, options))).join('\n')).toContain(words);
    const emoji = '{"id":"c1","name":"\u{1f469}\u200d\u{1f4bb}","plan":"\u{1f469}\u200d\u{1f4bb}"}\n';
    expect(await importText(db.pool, emoji, options)).toMatchObject({ added: 1 });
  });
});

describe('an import whose file cannot be read to the end', () => {
  it.each(['csv', 'ndjson'] as const)(
    'an import whose file cannot be read to the end imports nothing and says why (%s)',
    async (format) => {
      const db = await testDatabase();
      const line = format === 'csv' ? 'id\n1\n' : '{"id": "1"}\n';
      let served = false;
      const stream = new Readable({
        read() {
          if (served) this.destroy(new Error('the disk is gone'));
          else this.push(line);
          served = true;
        },
      });
      await expect(importText(db.pool, stream, { format })).rejects.toThrow('the disk is gone');
      expect(await db.rows(`select from repository_categories`)).toEqual([]);
    },
  );
});

describe('importing customers', () => {
  it('an import of customers keeps their names, and every other column as an attribute', async () => {
    const db = await testDatabase();
    const report = await importFixture(db.pool, 'customers.csv', { subject: 'customer' });
    expect(report).toMatchObject({ received: 2, added: 2, ignored_columns: [] });
    expect(
      await db.rows(`select customer_id as id, name, attributes from rollout_customers order by 1`),
    ).toEqual([
      { id: 'c1', name: 'Acme', attributes: { plan: 'pro' } },
      { id: 'c2', name: 'Octo, Inc.', attributes: { plan: 'free', country: 'NP' } },
    ]);
    expect(await importFixture(db.pool, 'customers.csv', { subject: 'customer' })).toMatchObject({
      added: 0,
      changed: 0,
      unchanged: 2,
    });
  });

  it('an import of customers adds to known attributes, and keeps a name that the file lacks', async () => {
    const db = await testDatabase();
    await importFixture(db.pool, 'customers.csv', { subject: 'customer' });
    const report = await importText(db.pool, 'customer_id,plan,seats\nc1,max,3\nc3,,\n', {
      subject: 'customer',
    });
    expect(report).toMatchObject({ added: 1, changed: 1, unchanged: 0 });
    expect(
      await db.rows(`select customer_id as id, name, attributes from rollout_customers order by 1`),
    ).toEqual([
      { id: 'c1', name: 'Acme', attributes: { plan: 'max', seats: '3' } },
      { id: 'c2', name: 'Octo, Inc.', attributes: { plan: 'free', country: 'NP' } },
      { id: 'c3', name: null, attributes: {} },
    ]);
  });

  it('an import of customers needs the id of each', async () => {
    const db = await testDatabase();
    expect(await problemsOf(importText(db.pool, 'name,plan\nAcme,pro\n', { subject: 'customer' }))).toEqual([
      'line 1: the columns are "name", "plan"; needed is a column id, and optionally name; every other column is kept as an attribute',
    ]);
  });
});
