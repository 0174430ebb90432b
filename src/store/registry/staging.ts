import type pg from 'pg';

/** A subject as given in a file. Null is unknown; a column that the file lacks leaves known values unchanged. */
export interface IncomingSubject {
  /** Line of the file, from 1. */
  line: number;
  id: string;
  name: string | null;
  star_count: number | null;
  contributor_count: number | null;
  pr_count: number | null;
  /** Attributes; null: the file states none. A null value: the subject lacks the attribute. */
  attributes: Readonly<Record<string, string | null>> | null;
}

/** Columns of the file. */
export interface IncomingColumns {
  /** False: the file identifies repositories only by name. */
  id: boolean;
  name: boolean;
  star_count: boolean;
  contributor_count: boolean;
  pr_count: boolean;
  attributes: boolean;
}

/** Lines that repeat an id or a name. */
export interface RepeatedLine {
  line: number;
  first: number;
  what: string;
}

/** Temporary table of an import's rows; it ends with the transaction. */
export const STAGE = `create temp table rollout_incoming (
  line integer, id text, name text, star_count integer, contributor_count integer, pr_count integer,
  attributes jsonb) on commit drop`;

/**
 * Returns SQL that merges a file's attributes into the known ones; an attribute that is null in the file is removed.
 */
export function mergedAttributes(known: string, given: string): string {
  return `((coalesce(${known}, '{}') || jsonb_strip_nulls(coalesce(${given}, '{}')))
    - array(select key from jsonb_each(${given}) where value = 'null'))`;
}

export const COUNTS = ['star_count', 'contributor_count', 'pr_count'] as const;

/** Copies the batches into the staging table and returns the number of rows. */
export async function stage(
  client: pg.PoolClient,
  batches: AsyncIterable<IncomingSubject[]>,
): Promise<number> {
  await client.query(STAGE);
  let received = 0;
  for await (const batch of batches) {
    await client.query(
      `insert into rollout_incoming
       select * from unnest($1::int[], $2::text[], $3::text[], $4::int[], $5::int[], $6::int[], $7::jsonb[])`,
      [
        batch.map((s) => s.line),
        batch.map((s) => s.id),
        batch.map((s) => s.name),
        ...COUNTS.map((count) => batch.map((s) => s[count])),
        batch.map((s) => s.attributes && JSON.stringify(s.attributes)),
      ],
    );
    received += batch.length;
  }
  return received;
}

/** Keeps the first line of each id and of each name, and returns the others. */
export async function dropRepeated(client: pg.PoolClient): Promise<RepeatedLine[]> {
  const { rows } = await client.query<RepeatedLine>(
    `with repeated as (
       select line, first_value(line) over same_id as first, 'id ' || id as what
       from rollout_incoming window same_id as (partition by id order by line)
       union all
       select line, first_value(line) over same_name, 'name ' || name
       from rollout_incoming where name is not null
       window same_name as (partition by lower(name collate "C") order by line)
     ), dropped as (
       delete from rollout_incoming i using repeated r where i.line = r.line and r.first < r.line
     )
     select distinct on (line) line, first, what from repeated where first < line order by line, first`,
  );
  return rows;
}
