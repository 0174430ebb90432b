import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../helpers/database/database.ts';
import { describeStatement } from '../helpers/sql/describe.ts';
import { type Statement, statementsIn } from '../helpers/sql/statements.ts';

const { builtins } = pg.types;

/** The driver has no name for it. */
const TEXT_ARRAY = 1009;

/** What the driver makes of each type, as a row type has to name it; others are JSON, or arrays of these. */
const READ_AS = new Map<number, RegExp>([
  [builtins.BOOL, /^boolean( \| null)?$/],
  [builtins.INT2, /^number( \| null)?$/],
  [builtins.INT4, /^number( \| null)?$/],
  [builtins.FLOAT4, /^number( \| null)?$/],
  [builtins.FLOAT8, /^number( \| null)?$/],
  [builtins.TIMESTAMPTZ, /^Date( \| null)?$/],
  [builtins.BYTEA, /^Buffer( \| null)?$/],
  // Neither fits into a number: a row type that says so is wrong, and compiles.
  [builtins.INT8, /^string( \| null)?$/],
  [builtins.NUMERIC, /^string( \| null)?$/],
  [builtins.TEXT, /^(?!(number|boolean|Date|Buffer)\b)(?!.*\[\])/],
  [TEXT_ARRAY, /\[\]|\['/],
]);

const statements = statementsIn('store');
const client = await (await testDatabase()).client();
// What an import stages its rows in.
await client.query(`create temp table rollout_incoming (line integer, id text, name text, star_count integer,
  contributor_count integer, pr_count integer, attributes jsonb)`);
await client.query(`create temp table rollout_source (line bigint, id text, name text, star_count text,
  contributor_count text, pr_count text, attributes text)`);

async function problemsOf({ sql, columns }: Statement): Promise<string[]> {
  const found = new Map((await describeStatement(client, sql ?? '')).map(({ name, oid }) => [name, oid]));
  if (columns === null) return [];
  const missing = [...columns].filter(([name, type]) => !found.has(name) && !type.includes('undefined'));
  const extra = [...found.keys()].filter((name) => !columns.has(name));
  const wrong = [...found].flatMap(([name, oid]) => {
    const type = columns.get(name)?.replace(/ \| undefined$/, '');
    return type === undefined || (READ_AS.get(oid) ?? /./).test(type)
      ? []
      : [`${name} (${oid}) is read as ${type}`];
  });
  return [
    ...missing.map(([name]) => `no column ${name}`),
    ...extra.map((name) => `column ${name} has no property`),
    ...wrong,
  ];
}

describe('every statement of the store', () => {
  const whole = statements.filter(({ sql }) => sql !== null);

  it.each(whole.map((one) => [one.place, one] as const))(
    'the statement fits the database and its row type: %s',
    async (_, one) => {
      expect(await problemsOf(one)).toEqual([]);
    },
  );

  it('every statement of the store is checked but for the listed ones, which functions assemble', () => {
    const composed = statements
      .filter(({ sql }) => sql === null)
      .map(({ place }) => place.replace(/:\d+$/, ''));
    expect(composed).toEqual([
      'configuration/impact.ts',
      'configuration/jobs-moved.ts',
      'configuration/largest-moved.ts',
      'configuration/largest-moved.ts',
      'db/pass-time.ts',
      'embedded/membership.ts',
      'guardrails/observed-windows.ts',
      'guardrails/observed-windows.ts',
      'health/timeline.ts',
      'health/timeline.ts',
      // With what the counts of routing rules add to the statement.
      'outcomes/jobs.ts',
      'outcomes/jobs.ts',
      'outcomes/outcomes.ts',
      'registry/known-facts.ts',
      'registry/known-facts.ts',
      'registry/lookup.ts',
      'registry/movements.ts',
      'registry/source.ts',
      'registry/source.ts',
      'registry/source.ts',
      'registry/source.ts',
      'registry/subjects.ts',
      'registry/subjects.ts',
      'registry/subjects.ts',
      'runtime/connection.ts',
      'runtime/registry.ts',
      'score/checkpoints.ts',
      'score/checkpoints.ts',
      'score/checkpoints.ts',
      'score/kept-windows.ts',
      'score/kept-windows.ts',
      'score/kept-windows.ts',
      'score/windows.ts',
      'score/worst-subjects.ts',
    ]);
    expect(whole.filter(({ columns }) => columns !== null).length).toBeGreaterThan(80);
  });
});

it('the check finds a row type with a missing, surplus or wrongly typed column', async () => {
  const sql = `select 1::bigint as id, now() as at, 'x' as word, 1 as more`;
  const columns = new Map([
    ['id', 'number'],
    ['at', 'string | null'],
    ['word', 'Kind'],
    ['missing', 'boolean'],
    ['absent', 'boolean | undefined'],
  ]);
  expect(await problemsOf({ place: 'here', sql, columns })).toEqual([
    'no column missing',
    'column more has no property',
    'id (20) is read as number',
    'at (1184) is read as string | null',
  ]);
});

it('the check finds a statement that the database rejects', async () => {
  const statement = { place: 'here', sql: 'select nothing from rollout_state', columns: null };
  await expect(problemsOf(statement)).rejects.toThrow('column "nothing" does not exist');
});
