import type { Routing } from '../../domain/spec/spec.ts';
import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import { type Audience, fromAudienceColumns, isUnderstood } from '../db/audience.ts';
import { type Queryable, soonAnswered } from '../db/client.ts';
import { translated } from '../db/driver-errors.ts';
import type { RuntimeFeature } from './feature.ts';

/** The last row of history: numbers and digests are chained, so it represents every row before it. */
export interface HistoryHead {
  /** 0 before the first row. */
  id: string;
  /** Hexadecimal. */
  digest: string;
}

/** The database's state at one moment. */
export interface RuntimeState {
  environment: string | null;
  generation: number;
  global_stop: boolean;
  heartbeat_at: Date | null;
  /** Time of the database's clock. */
  now: Date;
  /**
   * Number of the oldest unfinished transaction: everything committed from now on has this number or a higher one,
   * whoever writes it and whatever its row times.
   */
  horizon: string;
  /**
   * Start of this server; transaction numbers are comparable within one server only. Standbys share their primary's.
   */
  server: string;
  /** True: a read replica, which may be behind another one. */
  standby: boolean;
  head: HistoryHead;
  /** The transaction that wrote the state's row. Every change of configuration writes it anew. */
  version: string;
}

/** The position of an earlier reading. */
export type Since = Pick<RuntimeState, 'generation' | 'horizon' | 'server' | 'head' | 'version'>;

export interface RuntimeReading {
  state: RuntimeState;
  /** Every feature, or those whose row was written since. */
  features: RuntimeFeature[];
}

export interface RuntimeDifference extends RuntimeReading {
  /**
   * True: the known history is still part of this database's. False after a restore, or a fail-over that lost commits.
   */
  continues: boolean;
  /**
   * True: the features are not a difference, and none are included. The history is another one, or the restarted server
   * has other rows than those that were read. A crash may reuse transaction numbers, so that later writes cannot be
   * found by them.
   */
  whole: boolean;
}

type StateRow = Omit<RuntimeState, 'head'> & { head_id: string; head_digest: string };
/** `features`: a JSON list of `FeatureRow`; null if there are none. */
type Row = StateRow & { features: string | null };

const STATE = `s.environment, s.generation::float8, s.global_stop, s.heartbeat_at, clock_timestamp() as now,
  pg_snapshot_xmin(pg_current_snapshot())::xid::text as horizon, s.history_id::text as head_id,
  encode(s.history_digest, 'hex') as head_digest, pg_is_in_recovery() as standby, r.server, s.xmin::text as version`;

const SERVER = `(select case when pg_is_in_recovery() then 'standby'
  else extract(epoch from pg_postmaster_start_time())::text end as server) r`;

/** A feature in transfer: the values of `FEATURE`, in its order. */
type FeatureRow = [
  feature: string,
  subject: SubjectType,
  active: boolean,
  emergency_stop: boolean,
  strategy: RuntimeFeature['strategy'],
  percentage: number,
  categories: RuntimeFeature['categories'],
  whitelist: string[],
  blacklist: string[],
  salt: string,
  audience: Audience | null,
  epoch: number,
  revision: string | null,
  archived: boolean,
  routing: Routing | null,
  job_timeout: Record<string, number>,
  max_error_rate: number,
  auto_rollback: boolean,
  metrics: string[],
  slower_than: Record<string, number>,
  slower_than_by: Record<string, Record<string, number>>,
];

const FEATURE = `json_build_array(c.feature_name, c.subject_type, c.is_active, c.emergency_stop,
  c.rollout_strategy, c.rollout_percentage::float8, c.categories,
  c.target_repositories, c.denied, c.salt, c.audience, c.epoch, c.revision,
  c.archived_at is not null, c.spec -> 'routing',
  coalesce(c.spec #> '{thresholds,job_timeout}', '{}'),
  c.max_error_rate::float8, c.auto_rollback_enabled,
  case when c.spec ? 'guardrails' then array(
    select g.key from jsonb_each(c.spec -> 'guardrails') g where g.value ->> 'source' = 'events' order by 1)
  else '{}' end,
  case when c.spec ? 'guardrails' then coalesce((
    select jsonb_object_agg(g.key, (g.value ->> 'slower_than')::float8 * 1000) from jsonb_each(c.spec -> 'guardrails') g
    where jsonb_typeof(g.value -> 'slower_than') = 'number'), '{}')
  else '{}' end,
  case when c.spec ? 'guardrails' then coalesce((
    select jsonb_object_agg(g.key, (
      select coalesce(jsonb_object_agg(t.key, (t.value #>> '{}')::float8 * 1000), '{}')
      from jsonb_each(g.value -> 'slower_than') t where jsonb_typeof(t.value) = 'number'))
    from jsonb_each(c.spec -> 'guardrails') g where jsonb_typeof(g.value -> 'slower_than') = 'object'), '{}')
  else '{}' end)`;

/**
 * SQL for the features of `c`, in lists of a few if grouped by `place / 20`. The driver takes five times as long for
 * columns as for JSON, which counts when many processes start at once. One text of all features would have no size
 * limit.
 */
const LISTS = `select min(c.place) as place, json_agg(${FEATURE} order by c.place)::text as features`;

/**
 * Reads the state, and the features that changed since an earlier reading, in one statement and so as of one moment.
 * With an unchanged generation no feature is read. Compares ages of transactions, not row times, so it misses neither
 * rows of long transactions nor manual statements.
 *
 * `prepared` lets the server plan it once per connection: twenty applications that receive a stop at the same moment
 * have it in half the time. Not through a pooler, where the next statement may reach another server process.
 */
export async function readDifference(
  db: Queryable,
  since: Since,
  prepared = false,
): Promise<RuntimeDifference> {
  const { rows } = await translated(() =>
    db.query<Row & { continues: boolean }>(
      soonAnswered({
        ...(prepared ? { name: 'rollout_runtime' } : {}),
        text: `select ${STATE}, k.continues, f.features
       from rollout_state s
       cross join ${SERVER}
       cross join lateral (select s.generation >= $1::bigint and (
         (s.history_id = $4::bigint and s.history_digest = decode($5, 'hex')) or $4::bigint = 0
         or exists (select from rollout_history h where h.id = $4::bigint and h.digest = decode($5, 'hex'))
       ) as continues) k
       left join lateral (${LISTS} from (
         select c.*, row_number() over () as place from rollout_configuration c
         where k.continues and r.server = $3::text and s.generation <> $1::bigint and age(c.xmin) <= age($2::xid)
       ) c group by c.place / 20) f on true order by f.place`,
        values: [since.generation, since.horizon, since.server, since.head.id, since.head.digest],
      }),
    ),
  );
  const [first] = rows;
  if (!first) throw new Error(NO_STATE);
  const state = stateOf(first);
  const continues = first.continues;
  const same = state.server === since.server || isUntouched(state, since);
  return { state, continues, whole: !continues || !same, features: featuresIn(rows) };
}

/** Was nothing written since, whatever happened to the server? */
function isUntouched({ generation, head, version }: RuntimeState, since: Since): boolean {
  return generation === since.generation && head.digest === since.head.digest && version === since.version;
}

/**
 * Reads the state, and at most `most` features after the key `after`, in the order of their keys; fewer features mean
 * the last page.
 */
export async function readPage(db: Queryable, after: string | null, most: number): Promise<RuntimeReading> {
  const { rows } = await translated(() =>
    db.query<Row>(
      soonAnswered({
        text: `select ${STATE}, f.features
       from rollout_state s
       cross join ${SERVER}
       left join (${LISTS} from (
         select *, row_number() over (order by feature_name) as place
         from rollout_configuration where feature_name > $1 order by feature_name limit $2
       ) c group by c.place / 20) f on true order by f.place`,
        values: [after ?? '', most],
      }),
    ),
  );
  const [first] = rows;
  if (!first) throw new Error(NO_STATE);
  return { state: stateOf(first), features: featuresIn(rows) };
}

const NO_STATE = 'rollout_state has no row: the database is being restored, or was emptied by hand';

function stateOf(row: StateRow): RuntimeState {
  const { environment, generation, global_stop, heartbeat_at, now, horizon, server, standby, version } = row;
  const head = { id: row.head_id, digest: row.head_digest };
  return { environment, generation, global_stop, heartbeat_at, now, horizon, server, standby, head, version };
}

function featuresIn(rows: readonly Row[]): RuntimeFeature[] {
  return rows.flatMap(({ features }) =>
    features === null ? [] : (JSON.parse(features) as FeatureRow[]).map(featureOf),
  );
}

function featureOf(row: FeatureRow): RuntimeFeature {
  const [
    feature,
    subject,
    active,
    emergency_stop,
    strategy,
    percentage,
    categories,
    whitelist,
    blacklist,
    salt,
    audience,
    epoch,
    revision,
    archived,
    routing,
    job_timeout,
    max_error_rate,
    auto_rollback,
    metrics,
    slower_than,
    slower_than_by,
  ] = row;
  return {
    feature,
    subject,
    // A part of a feature that this library does not know may exclude somebody.
    active: active && isUnderstood(audience),
    emergency_stop,
    percentage,
    categories,
    ...fromAudienceColumns({ strategy, whitelist, blacklist, audience }),
    ...{ salt, epoch, revision, archived, routing, job_timeout, metrics, slower_than, slower_than_by },
    ...{ max_error_rate, auto_rollback },
  };
}
