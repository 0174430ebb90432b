import type pg from 'pg';
import { attributesProblem, countProblem, repositoryNameProblem } from '../../domain/spec/subject-facts.ts';
import { subjectProblem } from '../../domain/spec/subject-id.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { quoted } from '../../lib/text.ts';
import { sqlState } from '../db/driver-errors.ts';
import { COUNTS } from './staging.ts';

/** A row of the view, every value as text. */
interface SourceRow {
  id: string;
  name: string | null;
  star_count: string | null;
  contributor_count: string | null;
  pr_count: string | null;
  attributes: string | null;
}

const VIEW = 'public.rollout_repository_source';
const COLUMNS = ['repository_id', 'full_name', ...COUNTS] as const;
const MOST_LISTED = 100;
const PORTION = 5_000;

/** Does the database have the view `rollout_repository_source`? */
export async function hasSource(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query(`select to_regclass($1) is not null as found`, [VIEW]);
  return rows[0].found;
}

/**
 * Copies the rows of the view into the staging table and returns their number. All or nothing, like a file: throws
 * `import_invalid` for a missing column, for invalid rows, and for a repository or a name that occurs more than once.
 */
export async function stageSource(client: pg.PoolClient): Promise<{ received: number; attributes: boolean }> {
  await refuseStrangers(client);
  const attributes = (await columnsOfView(client)).has('attributes');
  await readView(client, attributes);
  const problems = [...(await badRows(client)), ...(await repeated(client))];
  if (problems.length > 0) throw refusal(problems);
  const { rowCount } = await client.query(
    `insert into rollout_incoming (line, id, name, star_count, contributor_count, pr_count, attributes)
     select line, id, name, ${COUNTS.map((count) => `${count}::integer`).join(', ')}, attributes::jsonb from rollout_source`,
  );
  return { received: rowCount ?? 0, attributes };
}

/**
 * Throws unless the view's owner is trusted. A view's functions run with the reader's own rights, and anybody who may
 * create in `public` can create a view with this name. So it is read only if its owner has full power over our tables
 * anyway.
 */
async function refuseStrangers(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ owner: string }>(
    `select pg_get_userbyid(v.relowner)::text as owner from pg_class v, pg_class t, pg_database d
     where v.oid = to_regclass($1) and t.oid = 'public.rollout_state'::regclass and d.datname = current_database()
       and not pg_has_role(v.relowner, t.relowner, 'usage') and v.relowner <> d.datdba
       and pg_get_userbyid(v.relowner) <> current_user`,
    [VIEW],
  );
  const [stranger] = rows;
  if (!stranger) return;
  throw new RolloutError(
    'import_invalid',
    `rollout_repository_source belongs to the role ${quoted(stranger.owner)}, who owns neither this database nor its rollout tables; nothing was read`,
    {
      hint: 'check what the view calls, then give it to the owner of the database: alter view public.rollout_repository_source owner to ...',
    },
  );
}

async function readView(client: pg.PoolClient, attributes: boolean): Promise<void> {
  try {
    await client.query(
      `create temp table rollout_source on commit drop as
       select row_number() over () as line, repository_id::text as id, full_name::text as name,
         ${COUNTS.map((count) => `${count}::text as ${count}`).join(', ')},
         ${attributes ? 'attributes::text' : 'null::text'} as attributes
       from ${VIEW} where repository_id is not null`,
    );
  } catch (error) {
    const state = sqlState(error);
    const hint = HINTS.find(([codes]) => codes.test(state))?.[1];
    if (hint === undefined) throw error;
    const message = errorText(error);
    throw new RolloutError('import_invalid', `rollout_repository_source cannot be read: ${message}`, {
      hint,
      cause: error,
    });
  }
}

/** What to do about a failure of the view itself, by SQLSTATE: a value in its query, a missing right. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^22/, 'correct the query of the view, then run: rollout categorize'],
  [
    /^42501$/,
    'as the owner of the view, run: grant select on rollout_repository_source to rollout_controller',
  ],
];

/** Returns the columns of the view; throws if a required one is missing. */
async function columnsOfView(client: pg.PoolClient): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_catalog.pg_attribute
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
    [VIEW],
  );
  const names = new Set(rows.map(({ name }) => name));
  const missing = COLUMNS.filter((column) => !names.has(column));
  if (missing.length === 0) return names;
  throw new RolloutError(
    'import_invalid',
    `rollout_repository_source lacks ${missing.length === 1 ? 'the column' : 'the columns'} ${missing.join(', ')}; nothing was taken over`,
    { hint: 'add them to the view; where a value is not known, it gives null (null::integer as pr_count)' },
  );
}

/** SQL filters out plain rows; the others are checked by the rules for files, which are not duplicated in SQL. */
async function badRows(client: pg.PoolClient): Promise<string[]> {
  const problems: string[] = [];
  for (let after = 0; problems.length <= MOST_LISTED; ) {
    const { rows } = await client.query<SourceRow & { line: number }>(
      `select line::float8, id, name, star_count, contributor_count, pr_count, attributes from rollout_source
       where line > $1 and not (length(id) <= 512 and id collate "C" ~ '^[!-~]+$'
         and (name is null or length(name) <= 512 and name collate "C" ~ '^[!-.0-~]+/[!-.0-~]+$')
         and ${COUNTS.map((count) => `coalesce(${count} ~ '^(0|[1-9][0-9]{0,8})$', true)`).join(' and ')}
         and coalesce(attributes = '{}', true))
       order by line limit $2`,
      [after, PORTION],
    );
    for (const { line, ...row } of rows) {
      const problem = problemOf(row);
      if (problem !== null) problems.push(problem);
      after = line;
    }
    if (rows.length < PORTION) break;
  }
  return problems;
}

/** Returns the first rule that a row breaks. */
function problemOf({ id, name, attributes, ...counts }: SourceRow): string | null {
  const idProblem = subjectProblem(id);
  if (idProblem !== null) return `repository_id ${quoted(id)}: it ${idProblem}`;
  const nameProblem = name === null ? null : repositoryNameProblem(name);
  if (name !== null && nameProblem !== null) {
    return `repository_id ${quoted(id)}: full_name is ${quoted(name)}; it ${nameProblem}`;
  }
  const count = COUNTS.find((one) => countProblem(counts[one] ?? '0') !== null);
  if (count === undefined) {
    const problem = attributesProblem(attributes);
    return problem && `repository_id ${quoted(id)}: ${problem}`;
  }
  return `repository_id ${quoted(id)}: ${count} is ${quoted(counts[count] ?? '')}; it ${countProblem(counts[count] ?? '0')}`;
}

async function repeated(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ what: string; times: number }>(
    `select what, times from (
       select 'repository_id ' || id as what, count(*)::float8 as times from rollout_source
       group by id having count(*) > 1
       union all
       select 'full_name ' || min(name), count(*)::float8 from rollout_source where name is not null
       group by lower(name collate "C") having count(distinct id) > 1
     ) each order by what collate "C" limit ${MOST_LISTED + 1}`,
  );
  return rows.map(({ what, times }) => `${what} stands in ${times} rows`);
}

function refusal(problems: readonly string[]): RolloutError {
  const listed = problems.slice(0, MOST_LISTED).map((problem) => `  ${problem}`);
  const more = problems.length > MOST_LISTED ? '\n  and more' : '';
  return new RolloutError(
    'import_invalid',
    `rollout_repository_source has rows that cannot be taken over; nothing was changed:\n${listed.join('\n')}${more}`,
    { hint: 'correct the view so that it gives each repository once, then run: rollout categorize' },
  );
}
