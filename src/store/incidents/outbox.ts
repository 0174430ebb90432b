import type { NoticeSeverity } from '../../domain/change/notice.ts';
import type { Queryable } from '../db/client.ts';

/** One transition that people are notified of. */
export interface Notification {
  /** Key of the transition: the same transition, found again, is notified once. */
  key: string;
  feature: string | null;
  severity: NoticeSeverity;
  kind: string;
  message: string;
  details?: object;
}

export interface PendingNotification extends Notification {
  id: string;
  created_at: Date;
  attempts: number;
  /** Receivers that took it, each by the names of its variables. */
  delivered_to: string[];
  /** True: it was printed before, and only the webhook still has to get it. */
  told: boolean;
}

/** Adds a notification to the outbox, in the transaction of its cause; false: it is there already. */
export async function enqueue(db: Queryable, notification: Notification): Promise<boolean> {
  const { key, feature, severity, kind, message, details } = notification;
  const { rowCount } = await db.query(
    `insert into rollout_outbox (dedupe_key, feature_name, severity, kind, message, details)
     values ($1, $2, $3, $4, $5, $6) on conflict (dedupe_key) do nothing`,
    [key, feature, severity, kind, message, JSON.stringify(details ?? {})],
  );
  return rowCount === 1;
}

/** Reads undelivered notifications, oldest first; starting after the id `after`, if given. */
export async function pendingNotifications(
  db: Queryable,
  limit: number,
  after = '0',
): Promise<PendingNotification[]> {
  const { rows } = await db.query<PendingNotification>(
    `select id::text, dedupe_key as key, feature_name as feature, severity, kind, message, details, created_at, attempts,
       delivered_to, told_at is not null as told
     from rollout_outbox where delivered_at is null and rollout_outbox.id > $2::bigint
     order by rollout_outbox.id limit $1`,
    [limit, after],
  );
  return rows;
}

/**
 * Notifies of changes of incidents that nobody was notified of yet, whatever caused them, including SQL. A reopened
 * incident is notified again, so the change is compared with the last notified one.
 */
export async function announceIncidents(db: Queryable): Promise<void> {
  await db.query(
    `with told as (
       select split_part(dedupe_key, ':', 2) as incident, split_part(dedupe_key, ':', 3) as turn, id
       from rollout_outbox where dedupe_key like 'incident:%' and kind <> 'still_exposed'
     ), now_at as (
       select i.*, case i.state when 'open' then 'opened' else i.state end as turn,
         (select t.turn from told t where t.incident = i.id::text order by t.id desc limit 1) as last_turn
       from rollout_incidents i
       where i.state = 'open' or (i.state in ('settled', 'resumed')
         and greatest(i.opened_at, i.settled_at, i.resumed_at) > now() - interval '30 days')
     ), turned as (
       select n.*, (select count(*) from told t where t.incident = n.id::text and t.turn = n.turn) as times
       from now_at n where n.last_turn is distinct from n.turn
     )
     insert into rollout_outbox (dedupe_key, feature_name, severity, kind, message, details)
     select 'incident:' || id || ':' || turn || case when times > 0 then ':' || times + 1 else '' end, feature_name,
       case when state = 'open' then severity else 'info' end,
       case when state <> 'open' then state when last_turn is not null then 'reopened' else
         case kind when 'rollback' then 'rolled_back' when 'emergency_stop' then 'stopped' else 'lowered' end end,
       case when state <> 'open' then feature_name || ': incident ' || id || ' is ' || state || ' (' || reason || ')'
         when last_turn is not null then feature_name || ': incident ' || id || ' is open again (' || reason || ')'
         else case kind when 'rollback' then feature_name || ' was rolled back: '
           when 'emergency_stop' then feature_name || ' was stopped: '
           else feature_name || ' was lowered by hand: ' end || reason end,
       jsonb_build_object('incident', id::text, 'began_as', severity)
     from turned
     order by id
     on conflict (dedupe_key) do nothing`,
  );
}

/** Records that a notification was printed, so that it is not printed again. */
export async function markTold(db: Queryable, id: string): Promise<void> {
  await db.query(`update rollout_outbox set told_at = clock_timestamp() where id = $1`, [id]);
}

/** Records the result of a delivery: delivered, unless there is an error. `receivers` are those that took it now. */
export async function markDelivery(
  db: Queryable,
  id: string,
  error: string | null,
  receivers: readonly string[] = [],
): Promise<void> {
  await db.query(
    `update rollout_outbox set attempts = attempts + 1, last_error = left($2, 500),
       delivered_to = delivered_to || $3::text[],
       delivered_at = case when $2::text is null then clock_timestamp() end
     where id = $1`,
    [id, error, receivers],
  );
}

/** Returns the last notification that a receiver took; '0': none that is still kept. */
export async function lastTakenBy(db: Queryable, receiver: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `select coalesce(max(id), 0)::text as id from rollout_outbox where $1 = any (delivered_to)`,
    [receiver],
  );
  return rows[0]?.id ?? '0';
}
