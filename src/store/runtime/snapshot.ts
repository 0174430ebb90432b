import type { Routing } from '../../domain/spec/spec.ts';
import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import { type Audience, fromAudienceColumns, isUnderstood } from '../db/audience.ts';
import { type Queryable, soonAnswered } from '../db/client.ts';
import { translated } from '../db/driver-errors.ts';
import type { RuntimeFeature } from './feature.ts';

/** The last row of history: numbers and digests are chained, so it stands for every row before it. */
export interface HistoryHead {
  /** 0 before the first row. */
  id: string;
  /** Hexadecimal. */
  digest: string;
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
  /** When this server was started; numbers of transactions compare within one server only. Standbys share theirs. */
  server: string;
  /** A read replica, which may be behind another one. */
  standby: boolean;
  head: HistoryHead;
  /** Of the row that says all this: the transaction that wrote it. Every change of configuration writes it anew. */
  version: string;
}

/** Where an earlier reading stood. */
export type Since = Pick<RuntimeState, 'generation' | 'horizon' | 'server' | 'head' | 'version'>;

export interface RuntimeReading {
  state: RuntimeState;
  /** Every feature, or those whose row was written since. */
  features: RuntimeFeature[];
}

export interface RuntimeDifference extends RuntimeReading {
  /** The history that was known is still part of this database's. False after a restore, or a fail-over that lost commits. */
  continues: boolean;
  /**
   * The features are no difference, and there are none: it is another history, or a server that was started anew and
   * has other rows than those that were read. A crash may give numbers of transactions a second time, so that what was
   * written since cannot be told by them.
   */
  whole: boolean;
}

type StateRow = Omit<RuntimeState, 'head'> & { head_id: string; head_digest: string };
/** `features`: a JSON list of `FeatureRow`; null where there are none. */
type Row = StateRow & { features: string | null };

const STATE = `s.environment, s.generation::float8, s.global_stop, s.heartbeat_at, clock_timestamp() as now,
  pg_snapshot_xmin(pg_current_snapshot())::xid::text as horizon, s.history_id::text as head_id,
  encode(s.history_digest, 'hex') as head_digest, pg_is_in_recovery() as standby, r.server, s.xmin::text as version`;

const SERVER = `(select case when pg_is_in_recovery() then 'standby'
  else extract(epoch from pg_postmaster_start_time())::text end as server) r`;

/** A feature as it arrives: the values of `FEATURE`, in its order. */
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
 * Features of `c`, in lists of a few where it is grouped by `place / 20`. The driver reads columns in five times the time
 * that JSON takes, which counts where many processes start at once. One text with all of them would have no bound.
 */
const LISTS = `select min(c.place) as place, json_agg(${FEATURE} order by c.place)::text as features`;

/**
 * The state, and the features that changed since an earlier reading: in one statement, so of one moment. Where the
 * generation is the same no feature is looked at. Ages of transactions rather than times of rows: they miss no
 * row of a transaction that took long, and no statement by hand.
 *
 * `prepared` lets the server plan it once for the connection: twenty applications that hear of a stop at the same
 * moment have it in half the time. Not through a pooler, where the next statement may meet another server process.
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

/** Nothing was written since, whatever became of the server. */
function isUntouched({ generation, head, version }: RuntimeState, since: Since): boolean {
  return generation === since.generation && head.digest === since.head.digest && version === since.version;
}

/** The state, and at most `most` features in the order of their keys, which follow `after`; with fewer it was the last page. */
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
    // What this library does not know of a feature may keep somebody out.
    active: active && isUnderstood(audience),
    emergency_stop,
    percentage,
    categories,
    ...fromAudienceColumns({ strategy, whitelist, blacklist, audience }),
    ...{ salt, epoch, revision, archived, routing, job_timeout, metrics, slower_than, slower_than_by },
    ...{ max_error_rate, auto_rollback },
  };
}
