import { randomUUID } from 'node:crypto';
import type { Arm, OutcomeSum } from '../../src/domain/outcomes.ts';
import { openJobs } from '../../src/store/jobs.ts';
import { recordOutcomes } from '../../src/store/outcomes.ts';
import type { TestDatabase } from './database.ts';

/** Finished jobs of one place; what is left out is the treatment arm of the present epoch, now. */
export interface Traffic {
  jobs: number;
  errors?: number;
  arm?: Arm;
  category?: string;
  epoch?: number;
  processor?: string;
  job_class?: string;
  /** Milliseconds of each job. */
  ms?: number;
  minutesAgo?: number;
}

/** Records finished jobs as an application does, by the store's own way in. */
export async function record(db: TestDatabase, feature: string, ...parts: Traffic[]): Promise<void> {
  const epoch = await epochOf(db, feature);
  const sums = parts.map((part): OutcomeSum => {
    const { jobs, errors = 0, ms = 0, minutesAgo = 0 } = part;
    return {
      feature,
      subject: 's1',
      processor: part.processor ?? 'inngest',
      arm: part.arm ?? 'treatment',
      epoch: part.epoch ?? epoch,
      job_class: part.job_class ?? '',
      category: part.category ?? '',
      window: Date.now() - minutesAgo * 60_000,
      jobs,
      errors,
      timed_jobs: ms > 0 ? jobs : 0,
      processing_ms: jobs * ms,
      last_error: errors > 0 ? 'boom' : null,
      last_error_at: Date.now() - minutesAgo * 60_000,
    };
  });
  await recordOutcomes(db.pool, randomUUID(), { sums, errors: [] });
}

/** Routes jobs of the treatment arm that nobody has finished yet. */
export async function route(db: TestDatabase, feature: string, jobs: number): Promise<void> {
  const epoch = await epochOf(db, feature);
  const stamps = Array.from({ length: jobs }, (_, n) => ({
    id: `${feature} ${epoch} ${n}`,
    ...{ feature, epoch, subject: 's1', processor: 'inngest', job_class: '', category: '' },
    arm: 'treatment' as const,
    routed_at: Date.now(),
  }));
  await openJobs(db.pool, stamps);
}

export async function epochOf(db: TestDatabase, feature: string): Promise<number> {
  const [row] = await db.rows<{ epoch: number }>(
    'select epoch from rollout_configuration where feature_name = $1',
    [feature],
  );
  return row?.epoch ?? 0;
}

/** Windows of clock time are part of these keys, so the rows are moved aside to be shifted. */
const BY_WINDOW = ['rollout_metrics', 'rollout_evidence', 'rollout_evidence_buckets'];

/**
 * Lets time pass: everything that the database remembers by a moment is that much older. History keeps its
 * moments, because its chain is over them. Whole quarters of an hour, so that windows stay aligned.
 */
export async function pass(db: TestDatabase, minutes: number): Promise<void> {
  if (minutes % 15 !== 0) throw new Error(`${minutes} minutes are no whole quarters of an hour`);
  const client = await db.pool.connect();
  try {
    await client.query('begin');
    await client.query('alter table rollout_configuration disable trigger rollout_record_change');
    for (const [table, columns] of await momentsOf(db)) {
      const shifted = columns.map((column) => `${column} = ${column} - interval '${minutes} minutes'`).join();
      const aside = BY_WINDOW.includes(table) ? 'aside' : null;
      if (!aside) {
        await client.query(`update ${table} set ${shifted}`);
        continue;
      }
      await client.query(`create temp table ${aside} on commit drop as select * from ${table}`);
      await client.query(`delete from ${table}`);
      await client.query(`update ${aside} set ${shifted}`);
      await client.query(`insert into ${table} select * from ${aside}`);
      await client.query(`drop table ${aside}`);
    }
    await client.query(
      `update rollout_incidents set permit = jsonb_set(permit, '{expires_at}',
         to_jsonb((permit ->> 'expires_at')::timestamptz - interval '${minutes} minutes'))
       where permit is not null`,
    );
    await client.query('alter table rollout_configuration enable always trigger rollout_record_change');
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** Every column that holds a moment, by its table; of partitioned tables only the parent. */
async function momentsOf(db: TestDatabase): Promise<[string, string[]][]> {
  const rows = await db.rows<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.atttypid = 'timestamptz'::regtype
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname like 'rollout\\_%' and c.relname <> 'rollout_history' and not a.attisdropped
     group by 1`,
  );
  return rows.map(({ name, columns }) => [name, columns]);
}
