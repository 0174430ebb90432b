import type { RolledBack } from '../../domain/report/rolled-back.ts';
import type { IncidentKind, IncidentState } from '../../domain/spec/incident.ts';
import type { Queryable } from '../db/client.ts';
import { evidenceOf } from './incident-evidence.ts';

/** Days of incidents that are reported on a pull request; older ones are no longer news. */
const NEWS_DAYS = 14;
const MOST = 200;

/** An incident of a feature, with the last merged pull request that changed the feature before it. */
export interface MergedIncident {
  incident: string;
  pull_request: number;
  feature: string;
  kind: IncidentKind;
  state: IncidentState;
  reason: string;
  opened_at: Date;
  resumed_by: string | null;
  superseded_by: string | null;
  /** The judged jobs; null for people's actions. */
  evidence: RolledBack['evidence'];
  /** Digest of the pull request's present comment; null: it has none. */
  merged_digest: string | null;
}

interface Row extends Omit<MergedIncident, 'evidence'> {
  evidence: Record<string, unknown> | null;
}

/** Reads these incidents, oldest first. */
export async function incidentsOfMerged(db: Queryable): Promise<MergedIncident[]> {
  const { rows } = await db.query<Row>(
    `select i.id::text as incident, h.pull_request, i.feature_name as feature, i.kind, i.state, i.reason, i.opened_at,
       i.resumed_by, i.superseded_by::text, i.evidence, i.merged_digest
     from (select * from rollout_incidents where opened_at > now() - make_interval(days => $1)
       order by rollout_incidents.id desc limit $2) i
     cross join lateral (
       select (h.metadata ->> 'pull_request')::integer as pull_request from rollout_history h
       where h.feature_name = i.feature_name and h.created_at <= i.opened_at
         and h.metadata ->> 'pull_request' ~ '^[0-9]{1,9}$'
       order by h.id desc limit 1
     ) h
     order by i.id`,
    [NEWS_DAYS, MOST],
  );
  return rows.map(({ evidence, ...row }) => {
    const found = evidenceOf(evidence);
    return { ...row, evidence: found && { scope: found.scope, ...found.window } };
  });
}

export async function markMerged(db: Queryable, incidents: readonly string[], digest: string): Promise<void> {
  await db.query('update rollout_incidents set merged_digest = $2 where id = any($1::bigint[])', [
    incidents,
    digest,
  ]);
}

/** Returns the digest with which open plans were last updated; null: never. */
export async function plansSeen(db: Queryable): Promise<string | null> {
  const { rows } = await db.query<{ plans_seen: string | null }>('select plans_seen from rollout_state');
  return rows[0]?.plans_seen ?? null;
}

export async function notePlansSeen(db: Queryable, digest: string): Promise<void> {
  await db.query('update rollout_state set plans_seen = $1 where plans_seen is distinct from $1', [digest]);
}
