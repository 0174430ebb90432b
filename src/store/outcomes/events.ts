import type { EventKind } from '../../domain/originals/pilot.ts';
import type { Queryable } from '../db/client.ts';
import { translated } from '../db/driver-errors.ts';

/**
 * Records an event of one customer, `at` a moment or now; returns the event's id. `metadata.error` is the text of an
 * error.
 *
 * Throws `unknown_feature` if no feature with customers as subjects has that name.
 */
export async function recordEvent(
  db: Queryable,
  event: { feature: string; customer: string; event: EventKind; metadata: object; at?: Date | null },
): Promise<string> {
  const { rows } = await translated(() =>
    db.query<{ id: string }>(`select rollout_record_event($1, $2, $3, $4, $5) as id`, [
      event.feature,
      event.customer,
      event.event,
      keptJson(event.metadata),
      event.at?.toISOString() ?? null,
    ]),
  );
  return rows[0]?.id ?? '';
}

/**
 * Returns JSON that PostgreSQL accepts: without U+0000 and without half of a surrogate pair, as a text cut in the
 * middle may have. An event must not be lost because of its contents.
 */
function keptJson(value: object): string {
  // Matches whole escapes, or the second of two backslashes would start one.
  return JSON.stringify(value).replace(/\\(?:u[\da-f]{4}|.)/g, (escaped) =>
    /^\\u(0000|d[89a-f])/.test(escaped) ? '\ufffd' : escaped,
  );
}

/** Converts the events of a feature's customers to outcomes, for the judgement that follows. */
export async function countCustomers(db: Queryable, feature: string): Promise<void> {
  await translated(() => db.query(`select rollout_count_customers($1)`, [feature]));
}

/** Events of a feature's customers. */
export interface CustomerEvents {
  /** Customers for whom the feature is enabled, and those with an error in the window. */
  customers: number;
  /** Customers among them with an error event in the window. */
  failed: number;
  /** Events in the window, by kind. */
  events: Record<EventKind, number>;
}

/** Reads the events in a feature's time window, up to now and of the present epoch. */
export async function readCustomerEvents(db: Queryable, feature: string): Promise<CustomerEvents> {
  const { rows } = await db.query<CustomerEvents>(
    `select h.customers, h.failed, e.events
     from rollout_configuration c
     cross join lateral (
       select greatest(c.epoch_started_at, now() - make_interval(secs => (c.monitoring_window_hours * 3600)::float8)) as since
     ) w
     cross join lateral (
       select count(*)::float8 as customers, (count(*) filter (where failed))::float8 as failed
       from rollout_heard_customers(c.feature_name, w.since)
     ) h
     cross join lateral (
       select jsonb_object_agg(kind, (select count(*) from rollout_events e
         where e.feature_name = c.feature_name and e.event = kind and e."timestamp" >= w.since)) as events
       from unnest(array['enabled', 'disabled', 'error', 'rollback']) kind
     ) e
     where c.feature_name = $1`,
    [feature],
  );
  return rows[0] ?? { customers: 0, failed: 0, events: { enabled: 0, disabled: 0, error: 0, rollback: 0 } };
}
