import { randomUUID } from 'node:crypto';
import type { Arm, OutcomeSum } from '../../../src/domain/evidence/outcomes.ts';
import { openJobs } from '../../../src/store/outcomes/jobs.ts';
import { recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import type { TestDatabase } from '../database/database.ts';

/** Subjects that jobs are spread over: each is a span of its own, as the score counts them. */
const SUBJECTS = 5_000;

/** Finished jobs of one place; what is left out is the treatment arm of the present epoch, now. */
export interface Traffic {
  jobs: number;
  /** All of one subject; spread over many where left out. */
  subject?: string;
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
export async function record(
  db: Pick<TestDatabase, 'pool' | 'rows'>,
  feature: string,
  ...parts: Traffic[]
): Promise<void> {
  const epoch = await epochOf(db, feature);
  const sums = parts.flatMap((part) => sumsOf(feature, epoch, part));
  await recordOutcomes(db.pool, randomUUID(), { sums, errors: [] });
}

/** The jobs spread over subjects as evenly as whole numbers go, failures over those of them that have jobs. */
function sumsOf(feature: string, epoch: number, part: Traffic): OutcomeSum[] {
  const { jobs, errors = 0, ms = 0, minutesAgo = 0, arm = 'treatment', subject } = part;
  const subjects = subject === undefined ? Math.min(jobs, SUBJECTS) : 1;
  let [jobsLeft, errorsLeft] = [jobs, errors];
  return Array.from({ length: subjects }, (_, n): OutcomeSum => {
    const own = { jobs: Math.ceil(jobsLeft / (subjects - n)), errors: 0 };
    own.errors = Math.min(own.jobs, Math.floor((errorsLeft * own.jobs) / jobsLeft));
    jobsLeft -= own.jobs;
    errorsLeft -= own.errors;
    return {
      ...{ feature, ...own, arm },
      subject: subject ?? `${part.category ?? ''}${arm === 'treatment' ? 's' : 'c'}${n + 1}`,
      processor: part.processor ?? 'inngest',
      epoch: part.epoch ?? epoch,
      job_class: part.job_class ?? '',
      category: part.category ?? '',
      window: Date.now() - minutesAgo * 60_000,
      timed_jobs: ms > 0 ? own.jobs : 0,
      processing_ms: own.jobs * ms,
      last_error: own.errors > 0 ? 'boom' : null,
      last_error_at: Date.now() - minutesAgo * 60_000,
    };
  });
}

/** Routes jobs of the treatment arm that nobody has finished yet. */
export async function route(db: TestDatabase, feature: string, jobs: number): Promise<void> {
  const epoch = await epochOf(db, feature);
  const stamps = Array.from({ length: jobs }, (_, n) => ({
    id: `${feature} ${epoch} ${n}`,
    ...{ feature, epoch, subject: `s${n}`, processor: 'inngest', job_class: '', category: '' },
    arm: 'treatment' as const,
    routed_at: Date.now(),
  }));
  await openJobs(db.pool, stamps);
}

export async function epochOf(db: Pick<TestDatabase, 'rows'>, feature: string): Promise<number> {
  const [row] = await db.rows<{ epoch: number }>(
    'select epoch from rollout_configuration where feature_name = $1',
    [feature],
  );
  return row?.epoch ?? 0;
}

/** Windows of clock time are part of these keys, so the rows are moved aside to be shifted. */
const BY_WINDOW = [
  'rollout_metrics',
  'rollout_evidence',
  'rollout_evidence_buckets',
  'rollout_opened_jobs',
  'rollout_score_windows',
  'rollout_evidence_times',
  'rollout_spans',
  'rollout_observations',
];

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
    await client.query(`select set_config('rollout.state', 'controlled', true)`);
    // Their state contains moments.
    await client.query('delete from rollout_score_checkpoints');
    for (const { table, columns, written } of await momentsOf(db)) {
      const shifted = columns.map((column) => `${column} = ${column} - interval '${minutes} minutes'`).join();
      const aside = BY_WINDOW.includes(table) ? 'aside' : null;
      if (!aside) {
        await client.query(`update ${table} set ${shifted}`);
        continue;
      }
      await client.query(`create temp table ${aside} on commit drop as select * from ${table}`);
      await client.query(`delete from ${table}`);
      await client.query(`update ${aside} set ${shifted}`);
      const all = written.join();
      await client.query(`insert into ${table} (${all}) select ${all} from ${aside}`);
      await client.query(`drop table ${aside}`);
    }
    // Slots are counted, and are no moments: otherwise what is recorded now would join the slice from before the pause.
    await client.query(
      `update rollout_timelines set slot = slot - ${minutes * 60} / slot_seconds where slot_seconds > 0`,
    );
    await client.query(HOURS_AGAIN);
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

/** Hours do not move by quarters of an hour: they are summed up again. */
const HOURS_AGAIN = `
  delete from rollout_evidence_hours;
  insert into rollout_evidence_hours (feature_name, epoch, hour_start, arm, processor_type, category, job_class, total_jobs,
    error_count, timed_jobs, processing_ms)
  select feature_name, epoch, date_bin('1 hour', window_start, 'epoch'), arm, processor_type, category, job_class,
    sum(total_jobs), sum(error_count), sum(timed_jobs), sum(processing_ms)
  from rollout_evidence group by 1, 2, 3, 4, 5, 6, 7`;

/** Every column that holds a moment, by its table; of partitioned tables only the parent. */
async function momentsOf(db: TestDatabase) {
  return db.rows<{ table: string; columns: string[]; written: string[] }>(
    `select c.relname as table, array_agg(a.attname::text) filter (where a.atttypid = 'timestamptz'::regtype) as columns,
       array_agg(quote_ident(a.attname)) filter (where a.attgenerated = '') as written
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and (c.relname like 'rollout\\_%' or c.relname = 'repository_categories') and c.relname not in ('rollout_history', 'rollout_evidence_hours')
     group by 1 having bool_or(a.atttypid = 'timestamptz'::regtype)`,
  );
}
