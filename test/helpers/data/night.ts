import type { TestDatabase } from '../database/database.ts';

/** In the order in which rows may be inserted. */
const TABLES = [
  'rollout_configuration',
  'rollout_history',
  'rollout_incidents',
  'repository_categories',
  'rollout_state',
];

/** What a database held, to be put back. */
export interface Night {
  /** Puts it back in one transaction, as a restore does: no trigger runs, no connection breaks, nobody is notified. */
  putBack(): Promise<void>;
}

/** Keeps configuration, history, incidents and registry as they are now, as last night's dump does. */
export async function nightOf(db: TestDatabase): Promise<Night> {
  const kept = new Map<string, string>();
  for (const table of TABLES) {
    const [row] = await db.rows<{ all: string }>(
      `select coalesce(json_agg(t), '[]')::text as all from ${table} t`,
    );
    kept.set(table, row?.all ?? '[]');
  }
  return { putBack: () => putBack(db, kept) };
}

async function putBack(db: TestDatabase, kept: ReadonlyMap<string, string>): Promise<void> {
  const client = await db.client();
  await client.query('begin');
  for (const table of TABLES) await client.query(`alter table ${table} disable trigger user`);
  await client.query(`truncate ${TABLES.join(', ')} cascade`);
  for (const table of TABLES) {
    const { rows } = await client.query<{ columns: string }>(
      `select string_agg(quote_ident(attname), ', ') as columns from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
      [table],
    );
    const columns = rows[0]?.columns ?? '';
    await client.query(
      `insert into ${table} (${columns}) overriding system value
       select ${columns} from json_populate_recordset(null::${table}, $1)`,
      [kept.get(table)],
    );
  }
  await client.query('set constraints all immediate');
  for (const table of TABLES) await client.query(`alter table ${table} enable trigger user`);
  await client.query('commit');
  await client.end();
}
