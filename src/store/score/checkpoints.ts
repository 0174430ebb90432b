import { CHECKPOINT_SECONDS, type Checkpoint } from '../../domain/verdict/checkpoint.ts';
import type { Queryable } from '../db/client.ts';
import { ASKED, columnsOf, firstOf, type Lifetime } from './spans.ts';

/** Seconds after which most of what is recorded late has arrived; a checkpoint is at least that old. */
const LATE_SECONDS = 900;

/** Format of the stored state; another number makes all stored ones outdated. */
const FORMAT = 1;

/** SQL for what proves a stored state. */
const digestOf = (state: string) => `md5('${FORMAT} ' || ${state})`;

/** Sums of all evidence before a moment. They only grow, so equal sums mean unchanged evidence. */
interface Sums {
  jobs: string;
  errors: string;
  opened: string;
}

/** The checkpoint of an epoch, and what the next one is stored with. */
export interface StandingCheckpoint extends Sums {
  feature: string;
  epoch: number;
  /** Where the next checkpoint lies, in seconds since 1970; `Sums` are those before it. */
  next: number;
  /** Beginning of the evidence in seconds since 1970. */
  startedAt: number;
  /** A digest of the lists and the quarantine on which the evidence depends. */
  basis: string;
  /** Where the stored checkpoint lies; null: there is none that holds. */
  until: Date | null;
  /** The stored checkpoint, parsed at each call. */
  checkpoint: (() => Checkpoint) | null;
}

/** SQL for sums of the evidence of epoch `a` before a moment. */
const sumsBefore = (moment: string) => `
    select coalesce(sum(h.total_jobs), 0)::bigint as jobs, coalesce(sum(h.error_count), 0)::bigint as errors,
      (select coalesce(sum(o.jobs), 0) from rollout_opened_jobs o
       where o.feature_name = a.feature and o.epoch = a.epoch
         and o.bucket_start >= ${firstOf('$4')} and o.bucket_start < ${moment})::bigint as opened
    from rollout_evidence_hours h
    where h.feature_name = a.feature and h.epoch = a.epoch and h.arm in ('treatment', 'control')
      and h.hour_start >= ${firstOf('$4')} and h.hour_start < ${moment}
    offset 0`;

/** SQL for the requested epochs, and where their evidence begins. */
const BEGUN = `${ASKED}, begun as (
    select a.*, greatest(a.started, ${firstOf('$4')}) as first from asked a
  )`;

/** SQL: is `c` the checkpoint of epoch `a`, if its sums are right? */
const IS_OF = `c.feature_name = a.feature and c.epoch = a.epoch and c.started_at = a.first and c.basis = a.basis`;

/**
 * Reads the checkpoints of these epochs. One holds while nothing was recorded or routed for the time before it, and
 * while the lists and the quarantine are the same; one that was edited, or written in another format, never does.
 */
export async function readCheckpoints(
  db: Queryable,
  asked: readonly Lifetime[],
  days: number,
): Promise<Map<string, StandingCheckpoint>> {
  if (asked.length === 0) return new Map();
  const { rows } = await db.query<Omit<StandingCheckpoint, 'checkpoint'> & { state: string | null }>(
    `with ${BEGUN}, held as (
       select a.*, k.until, k.state
       from begun a
       left join lateral (
         select c.until, c.state
         from rollout_score_checkpoints c
         cross join lateral (${sumsBefore('c.until')}) b
         where ${IS_OF} and c.digest = ${digestOf('c.state')}
           and (c.jobs, c.errors, c.opened) = (b.jobs, b.errors, b.opened)
       ) k on true
     )
     select a.feature, a.epoch, a.basis, extract(epoch from n.next)::float8 as next,
       extract(epoch from a.first)::float8 as "startedAt", a.until, a.state,
       coalesce(s.jobs, 0) as jobs, coalesce(s.errors, 0) as errors, coalesce(s.opened, 0) as opened
     from held a
     cross join (select date_bin('${CHECKPOINT_SECONDS} seconds', now() - make_interval(secs => $6), 'epoch') as next) n
     -- Summed only where the next checkpoint is still to be made.
     left join lateral (${sumsBefore('n.next')}) s on a.until is distinct from n.next`,
    [...columnsOf(asked, days), LATE_SECONDS],
  );
  return new Map(
    rows.map(({ state, ...row }) => [
      row.feature,
      { ...row, checkpoint: state === null ? null : () => JSON.parse(state) as Checkpoint },
    ]),
  );
}

/** Returns these epochs, each from its checkpoint on. */
export function resumedFrom(
  asked: readonly Lifetime[],
  standing: ReadonlyMap<string, Pick<StandingCheckpoint, 'until'>>,
): Lifetime[] {
  return asked.map((one) => ({ ...one, resumed_at: standing.get(one.feature)?.until ?? null }));
}

/**
 * Reads where the checkpoints of these epochs lie, and returns each epoch from there on. Whether one holds is not asked:
 * that costs as much as reading it.
 */
export async function readResumed(
  db: Queryable,
  asked: readonly Lifetime[],
  days: number,
): Promise<Lifetime[]> {
  const { rows } = await db.query<{ feature: string; until: Date }>(
    `with ${BEGUN} select a.feature, c.until from begun a join rollout_score_checkpoints c on ${IS_OF}`,
    columnsOf(asked, days),
  );
  return resumedFrom(asked, new Map(rows.map((row) => [row.feature, row])));
}

/** Stores checkpoints, each with the sums that were read with its evidence. */
export async function keepCheckpoints(
  db: Queryable,
  made: readonly { standing: StandingCheckpoint; checkpoint: Checkpoint }[],
): Promise<void> {
  if (made.length === 0) return;
  const column = <T>(of: (standing: StandingCheckpoint) => T) => made.map(({ standing }) => of(standing));
  await db.query(
    `insert into rollout_score_checkpoints
       (feature_name, epoch, started_at, until, basis, jobs, errors, opened, state, digest)
     select m.feature, m.epoch, to_timestamp(m.started), to_timestamp(m.until), m.basis, m.jobs, m.errors, m.opened, m.state,
       ${digestOf('m.state')}
     from unnest($1::text[], $2::integer[], $3::float8[], $4::float8[], $5::text[], $6::bigint[], $7::bigint[],
       $8::bigint[], $9::text[]) m(feature, epoch, started, until, basis, jobs, errors, opened, state)
     order by m.feature
     on conflict (feature_name) do update set epoch = excluded.epoch, started_at = excluded.started_at,
       until = excluded.until, basis = excluded.basis, jobs = excluded.jobs, errors = excluded.errors,
       opened = excluded.opened, state = excluded.state, digest = excluded.digest`,
    [
      column(({ feature }) => feature),
      column(({ epoch }) => epoch),
      column(({ startedAt }) => startedAt),
      made.map(({ checkpoint }) => checkpoint.until),
      ...[column(({ basis }) => basis), column(({ jobs }) => jobs), column(({ errors }) => errors)],
      column(({ opened }) => opened),
      made.map(({ checkpoint }) => JSON.stringify(checkpoint)),
    ],
  );
}

/** Marks checkpoints that no longer suffice: no epoch has the number 0. */
export async function forgetCheckpoints(db: Queryable, features: readonly string[]): Promise<void> {
  if (features.length === 0) return;
  await db.query('update rollout_score_checkpoints set epoch = 0 where feature_name = any ($1)', [features]);
}
