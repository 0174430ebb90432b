import { beforeAll, describe, expect, it } from 'vitest';
import { applyFeature, historyOf } from '../../helpers/data/features.ts';
import { importFixture, importText, problemsOf } from '../../helpers/data/imports.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});

async function registry(): Promise<unknown[]> {
  return db.rows(
    `select repository_id as id, full_name as name, star_count as stars, category from repository_categories
     order by repository_id collate "C"`,
  );
}

async function emptied(): Promise<void> {
  await db.rows(`delete from repository_categories; delete from rollout_category_history`);
}

describe('importing CSV', () => {
  it('an import reads CSV as Excel on Windows writes it', async () => {
    await emptied();
    expect(await importFixture(db.pool, 'windows.csv')).toMatchObject({
      received: 3,
      added: 3,
      changed: 0,
      unchanged: 0,
      skipped: [],
      ignored_columns: ['note'],
    });
    expect(await registry()).toEqual([
      { id: '1', name: 'octocat/Hello-World', stars: 2500, category: 'large' },
      { id: '2', name: 'acme/sandbox', stars: null, category: null },
      { id: '3', name: 'acme/website', stars: 40, category: 'small' },
    ]);
  });

  it('a repeated import changes and records nothing', async () => {
    const before = await db.rows(`select *, xmin::text from repository_categories order by 1`);
    expect(await importFixture(db.pool, 'windows.csv')).toMatchObject({
      received: 3,
      added: 0,
      changed: 0,
      unchanged: 3,
      movements: [],
    });
    expect(await db.rows(`select *, xmin::text from repository_categories order by 1`)).toEqual(before);
    expect(await historyOf(db.pool)).toEqual([]);
  });

  it('an import keeps values that have no column in the file, and clears those with an empty cell', async () => {
    await importText(db.pool, 'id,stars\n1,\n3,60\n');
    expect(await registry()).toMatchObject([
      { id: '1', name: 'octocat/Hello-World', stars: null },
      { id: '2', name: 'acme/sandbox' },
      { id: '3', name: 'acme/website', stars: 60, category: 'medium' },
    ]);
  });

  it('an import without ids matches repositories by name', async () => {
    const report = await importText(db.pool, 'full_name,stars\nACME/website,70\nnew/one,5\n');
    expect(report).toMatchObject({ added: 1, changed: 1 });
    expect(await registry()).toMatchObject([
      { id: '1' },
      { id: '2' },
      { id: '3', name: 'ACME/website', stars: 70 },
      { id: 'new/one', name: 'new/one', stars: 5 },
    ]);
  });
});

describe('importing a file with bad lines', () => {
  it('an import with bad lines imports nothing and names each with its number and what was found', async () => {
    await emptied();
    expect(await problemsOf(importFixture(db.pool, 'bad.csv'))).toEqual([
      'bad.csv has 12 bad lines; nothing was imported:',
      'line 2: star_count is "many"; it must be a whole number from 0 to 2147483647, or empty',
      'line 3: full_name is "acme/two\\nlines"; it must be owner/name',
      'line 5: star_count is "-1"; it must be a whole number from 0 to 2147483647, or empty',
      'line 6: star_count is "2147483648"; it must be a whole number from 0 to 2147483647, or empty',
      'line 7: 2 cells where the header has 3',
      'line 9: full_name is "not a name"; it must be owner/name',
      'line 10: id is empty; every subject needs one',
      'line 11: full_name is "acme/tab\\there"; it must be owner/name',
      'line 12: id 6 is already on line 8',
      'line 13: name ACME/Fine is already on line 8',
      'line 14: star_count is "12.5"; it must be a whole number from 0 to 2147483647, or empty',
      'line 15: 1 cells where the header has 3',
    ]);
    expect(await registry()).toEqual([]);
  });

  it('an import that skips bad lines imports the good ones, and the first of repeated ones', async () => {
    const report = await importFixture(db.pool, 'bad.csv', { skipInvalid: true });
    expect(report).toMatchObject({
      received: 3,
      repeated: 2,
      added: 1,
      changed: 0,
      unchanged: 0,
      skipped_count: 12,
    });
    expect(report.skipped).toContainEqual({ line: 12, message: 'id 6 is already on line 8' });
    expect(await registry()).toEqual([{ id: '6', name: 'acme/fine', stars: 10, category: 'small' }]);
  });

  it.each([
    [
      'no column that says which',
      'stars,prs\n1,2\n',
      'line 1: the columns are "stars", "prs"; needed is a column full_name or id',
    ],
    [
      'another separator',
      'id;stars\n1;2\n',
      'line 1: the columns are "id;stars"; needed is a column full_name or id',
    ],
    [
      'two columns for one count',
      'id,stars,star_count\n1,2,3\n',
      'line 1: the columns "star_count" and "stars" both give star_count',
    ],
    [
      'two columns for the id',
      'id,repository_id\n1,2\n',
      'line 1: the columns "id" and "repository_id" both give id',
    ],
    ['a column twice', 'id,stars,id\n1,2,3\n', 'line 1: the column "id" is there twice'],
    ['nothing in it', '', 'the file is empty'],
    ['nothing but empty lines', '\r\n\r\n', 'the file is empty'],
    [
      'a quote that is never closed',
      'id,full_name\n1,"acme/x\n2,acme/y\n',
      'not readable as CSV: Quote Not Closed',
    ],
    [
      'a quote in the middle',
      'id,full_name\n1,acme/x\n2,"acme"/y\n',
      'not readable as CSV: Invalid Closing Quote: got "/" at line 3',
    ],
    [
      'a quote behind the beginning of a cell',
      'id,full_name\n1,ac"me/x\n',
      'not readable as CSV: Invalid Opening Quote',
    ],
    [
      'a JSON object a line',
      '{"id":"1","full_name":"acme/x"}\n',
      'not readable as CSV: Invalid Opening Quote',
    ],
    [
      'an id of 10,000 characters',
      `id\n${'x'.repeat(10_000)}\n`,
      'it must have at most 512 characters, and has 10000',
    ],
    [
      'a control character',
      'id\nx\u0007y\n',
      'line 2: id is "x\\u{7}y"; it must not contain the control character U+0007',
    ],
    [
      'bytes that are not UTF-8',
      Buffer.from([0x69, 0x64, 0x0a, 0x61, 0xff, 0x0a]),
      'line 2: id is "a\ufffd"; it must not contain the replacement character U+FFFD, which stands for bytes that are not UTF-8',
    ],
    ['a line without end', `id\n"${'x'.repeat(1_100_000)}`, 'not readable as CSV: Max Record Size'],
  ])('an import refuses %s', async (_what, content, problem) => {
    for (const skipInvalid of [false, true]) {
      const refused = importText(db.pool, content, { skipInvalid });
      const isOneLine = problem.includes('; it must ') || problem.startsWith('it must have');
      if (isOneLine && skipInvalid) expect(await refused).toMatchObject({ received: 0, skipped_count: 1 });
      else expect((await problemsOf(refused)).join('\n')).toContain(problem);
    }
  });
});

describe('importing an export that has more columns', () => {
  it('an import takes full_name as the name even if there is a column name, in any order', async () => {
    await emptied();
    await importText(db.pool, 'id,name,full_name,stars\n1,one,acme/one,010\n', { skipInvalid: true });
    expect(await registry()).toEqual([]);
    await importText(db.pool, 'id,name,full_name,stars\n1,one,acme/one,10\n');
    expect(await registry()).toMatchObject([{ id: '1', name: 'acme/one', stars: 10 }]);
  });

  it('an import refuses a count with leading zeros, which another program may read as octal', async () => {
    expect(await problemsOf(importText(db.pool, 'id,stars\n1,010\n'))).toContain(
      'line 2: stars is "010"; it must be a whole number from 0 to 2147483647, or empty',
    );
  });
});

describe('importing a file without the columns that decide the size', () => {
  const FILE = 'id,full_name\n1,acme/one\n2,acme/two\n';

  it('an import without the size columns is refused, and names the columns and the option', async () => {
    await emptied();
    const refused = importText(db.pool, FILE, { allowMissing: false });
    await expect(refused).rejects.toMatchObject({
      code: 'import_invalid',
      message: 'a file lacks the columns star_count, contributor_count, pr_count; nothing was imported',
      hint: expect.stringContaining('--allow-missing'),
    });
    const partly = importText(db.pool, 'id,stars,prs\n1,2,3\n', { allowMissing: false });
    await expect(partly).rejects.toThrow('lacks the column contributor_count;');
    const lines = importText(db.pool, '{"id":"1","stars":0}\n', { allowMissing: false, format: 'ndjson' });
    await expect(lines).rejects.toThrow('lacks the columns contributor_count, pr_count');
    expect(await registry()).toEqual([]);
  });

  it('an allowed import without the size columns makes nobody test, and keeps known sizes', async () => {
    await emptied();
    await importText(db.pool, 'id,stars,contributors,prs\n2,40,1,1\n', { allowMissing: false });
    await applyFeature(db.pool, 'by_size', { strategy: 'repository_size', percentage: 75 });
    const { added, movements } = await importText(db.pool, FILE);
    expect({ added, movements }).toEqual({ added: 1, movements: [] });
    expect(await registry()).toEqual([
      { id: '1', name: 'acme/one', stars: null, category: null },
      { id: '2', name: 'acme/two', stars: 40, category: 'small' },
    ]);
    const [one] = await db.rows(`select eligible, reason from rollout_evaluate('by_size', '1')`);
    expect(one).toEqual({ eligible: false, reason: 'uncategorized' });
  });

  it('an import with empty size cells, or of customers, needs no extra option', async () => {
    await emptied();
    const empty = 'id,stars,contributors,prs\n1,,,\n2,0,,\n';
    await importText(db.pool, empty, { allowMissing: false });
    expect(await registry()).toMatchObject([
      { id: '1', category: null },
      { id: '2', category: 'test' },
    ]);
    await importText(db.pool, 'id\nc1\n', { subject: 'customer', allowMissing: false });
  });
});
