import type { Exposure, Routing } from '../domain/spec.ts';
import type { SubjectType } from '../domain/vocabulary.ts';
import { type Queryable, soonAnswered } from './client.ts';
import { translated } from './translated.ts';

/** One feature as an application decides by it; lists are resolved. */
export interface RuntimeFeature extends Exposure {
  feature: string;
  subject: SubjectType;
  epoch: number;
  revision: string | null;
  archived: boolean;
  /** Null for a row that no reconcile has written. */
  routing: Routing | null;
  /** Seconds by processor. */
  job_timeout: Record<string, number>;
  max_error_rate: number;
  auto_rollback: boolean;
}

/** What the database says of itself, at one moment. */
export interface RuntimeState {
  environment: string | null;
  generation: number;
  global_stop: boolean;
  heartbeat_at: Date | null;
  /** The database's clock. */
  now: Date;
  /**
   * Number of the oldest transaction that was not over: what is committed from now on has this number or a higher
   * one, whoever writes it and whatever it says of its time.
   */
  horizon: string;
}

/** Where an earlier reading stood. */
export interface Since {
  generation: number;
  horizon: string;
}

export interface RuntimeReading {
  state: RuntimeState;
  /** Every feature, or those whose row was written since. */
  features: RuntimeFeature[];
}

type Row = RuntimeState & { feature: RuntimeFeature['feature'] | null } & Omit<RuntimeFeature, 'feature'>;

/**
 * The state, and the features that changed since an earlier reading: in one statement, so of one moment. Where the
 * generation is the same no feature is looked at. Ages of transactions rather than times of rows: they miss no
 * row of a transaction that took long, and no statement by hand.
 *
 * `prepared` lets the server plan it once for the connection: twenty applications that hear of a stop at the same
 * moment have it in half the time. Not through a pooler, where the next statement may meet another server process.
 */
export async function readRuntime(
  db: Queryable,
  since: Since | null,
  prepared = false,
): Promise<RuntimeReading> {
  const { rows } = await translated(() =>
    db.query<Row>(
      soonAnswered({
        ...(prepared ? { name: 'rollout_runtime' } : {}),
        text: `select s.environment, s.generation::float8, s.global_stop, s.heartbeat_at, clock_timestamp() as now,
         pg_snapshot_xmin(pg_current_snapshot())::xid::text as horizon,
         c.feature_name as feature, c.subject_type as subject, c.is_active as active, c.emergency_stop,
         c.rollout_strategy as strategy, c.rollout_percentage::float8 as percentage, c.categories,
         c.target_repositories as whitelist, c.excluded_repositories as blacklist, c.salt, c.epoch, c.revision,
         c.archived_at is not null as archived, c.spec -> 'routing' as routing,
         coalesce(c.spec #> '{thresholds,job_timeout}', '{}') as job_timeout,
         c.max_error_rate::float8, c.auto_rollback_enabled as auto_rollback
       from rollout_state s
       left join rollout_configuration c
         on s.generation is distinct from $1::bigint and ($2::xid is null or age(c.xmin) <= age($2::xid))`,
        values: [since?.generation ?? null, since?.horizon ?? null],
      }),
    ),
  );
  const [first] = rows;
  if (!first) throw new Error('rollout_state has no row');
  const { environment, generation, global_stop, heartbeat_at, now, horizon } = first;
  return {
    state: { environment, generation, global_stop, heartbeat_at, now, horizon },
    features: rows.flatMap(({ feature, ...row }) => (feature === null ? [] : [featureOf(feature, row)])),
  };
}

function featureOf(feature: string, row: Omit<Row, 'feature'>): RuntimeFeature {
  return {
    feature,
    subject: row.subject,
    active: row.active,
    emergency_stop: row.emergency_stop,
    strategy: row.strategy,
    percentage: row.percentage,
    categories: row.categories,
    whitelist: row.whitelist,
    blacklist: row.blacklist,
    salt: row.salt,
    epoch: row.epoch,
    revision: row.revision,
    archived: row.archived,
    routing: row.routing,
    job_timeout: row.job_timeout,
    max_error_rate: row.max_error_rate,
    auto_rollback: row.auto_rollback,
  };
}
