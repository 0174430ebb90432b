import type pg from 'pg';
import { type ActualFeature, settingsOf } from '../../domain/plan/actual.ts';
import type { Change, Write } from '../../domain/plan/change.ts';
import { reasonFacts } from '../../domain/plan/reason.ts';
import { isWithin } from '../../domain/spec/at-most.ts';
import type { Incident } from '../../domain/spec/incident.ts';
import { audienceColumns } from '../db/audience.ts';
import { transaction } from '../db/client.ts';
import { readCurrentIncidents, readFeatures, specDigest } from './actual.ts';
import type { Applier } from './applier.ts';
import { applyEffect } from './incident-effect.ts';

/** One feature as read inside the transaction that will change it. */
export interface Fresh {
  actual: ActualFeature | null;
  incidents: Incident[];
  /** Commit of the reconcile that began last; null outside a repository. */
  revision: string | null;
}

/**
 * Locks one feature, calls `decide` with its present state, and writes the decision with its history row and its
 * incident, in one transaction. Returns the applied change; null if nothing was left to do.
 */
export function applyChange(
  pool: pg.Pool,
  feature: string,
  by: Applier,
  decide: (fresh: Fresh) => Change | null,
): Promise<Change | null> {
  return transaction(pool, { actor: by.actor, revision: by.revision }, async (client) => {
    const revision = await lockHistory(client);
    const actual = (await readFeatures(client, feature)).get(feature) ?? null;
    // Other features' incidents matter only to a new feature; there may be thousands, and they are read under the
    // lock.
    const incidents = await readCurrentIncidents(client, actual ? feature : undefined);
    const change = decide({ actual, incidents, revision });
    if (change?.write) await write(client, change, change.write, by);
    return change;
  });
}

/** Makes the file the baseline of rows that already match it. Returns the number of these rows. */
export async function adoptBaseline(
  pool: pg.Pool,
  feature: string,
  by: Pick<Applier, 'actor' | 'revision' | 'metadata'>,
  writeOf: (fresh: Fresh) => Write | null,
): Promise<boolean> {
  return transaction(pool, { actor: by.actor, revision: by.revision }, async (client) => {
    const revision = await lockHistory(client);
    const actual = (await readFeatures(client, feature)).get(feature) ?? null;
    const adopted = writeOf({ actual, incidents: [], revision });
    if (!adopted) return false;
    await claim(client, 'updated', 'adopted: it already matched rollout.yaml', by.metadata);
    await writeRow(client, feature, adopted, by.revision, NOBODY);
    return true;
  });
}

/** Takes the history lock, and returns the commit of the reconcile that began last. */
async function lockHistory(client: pg.PoolClient): Promise<string | null> {
  const { rows } = await client.query<{ revision: string | null }>(
    `select revision from rollout_state for update`,
  );
  return rows[0]?.revision ?? null;
}

async function write(client: pg.PoolClient, change: Change, write: Write, by: Applier): Promise<void> {
  const incidents = write.incident ? await applyEffect(client, change, write.incident, by) : {};
  const metadata = {
    ...by.metadata,
    // For program logic later; the sentence is for people.
    why: reasonFacts(change.reason),
    ...(change.incident ? { incident: change.incident } : {}),
    ...(Object.keys(incidents).length > 0 ? { incidents } : {}),
    ...(change.differences.length > 0 ? { differences: change.differences } : {}),
  };
  const found = by.words.reason(change.reason);
  const reason = by.reason === undefined ? found : `${by.reason} (${found})`;
  await claim(client, write.history, reason, metadata);
  const changed = await writeRow(client, change.feature, write, by.revision, movedBy(change, by.moved));
  if (!changed && write.incident) {
    await client.query(`select rollout_add_history($1, 'note', $2, $3, $4)`, [
      change.feature,
      reason,
      JSON.stringify(metadata),
      by.actor,
    ]);
  }
}

async function claim(
  client: pg.PoolClient,
  action: string,
  reason: string,
  metadata?: object,
): Promise<void> {
  await client.query(
    `select set_config('rollout.action', $1, true), set_config('rollout.reason', $2, true),
       set_config('rollout.metadata', $3, true)`,
    [action, reason, metadata ? JSON.stringify(metadata) : ''],
  );
}

/** True for a new step, and if so many subjects enter that the present step must soak again. */
const ANEW = `($20::boolean or rollout_soak_ends(c.soak_entered + $21::bigint, coalesce(c.soak_exposed, $22::bigint)))`;

/** The commit of the row's spec: it changes only if the spec changes. */
const REVISION = `case when c.spec_digest is distinct from coalesce($15, c.spec_digest) then $17
  else (select sealed.revision from rollout_sealed(c) sealed) end`;

interface Moved {
  entering: number;
  before: number | null;
  after: number | null;
}

const NOBODY: Moved = { entering: 0, before: null, after: null };

/**
 * Returns the number of entering subjects; if it was not counted but may be above 0, a number that restarts the soak.
 */
function movedBy({ before, after, subject, subject_before }: Change, moved: Applier['moved']): Moved {
  if (moved !== null) return moved ?? NOBODY;
  const was = subject_before ?? subject;
  const nobody =
    before !== null &&
    after !== null &&
    isWithin({ subject, exposure: after }, { subject: was, exposure: before });
  return nobody ? NOBODY : { ...NOBODY, entering: Number.MAX_SAFE_INTEGER };
}

/** Inserts or updates the row; false if it was already equal. */
async function writeRow(
  client: pg.PoolClient,
  feature: string,
  { spec, exposure, resolved, archived, newEpoch, newStep }: Write,
  revision: string | null,
  moved: Moved,
): Promise<boolean> {
  const settings = spec && settingsOf(spec);
  const columns = audienceColumns(exposure);
  const { rowCount } = await client.query(
    `insert into rollout_configuration as c
       (feature_name, rollout_strategy, rollout_percentage, is_active, emergency_stop, categories,
        target_repositories, excluded_repositories, salt, subject_type, max_error_rate,
        monitoring_window_hours, auto_rollback_enabled, spec, spec_digest, resolved, revision, seal, archived_at,
        soak_exposed, audience)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, 'repository'), coalesce($11::numeric, 5),
        coalesce($12::numeric / 3600, 24), coalesce($13, true), $14, $15, $16, $17, rollout_seal($17, $16),
        case when $18 then clock_timestamp() end, $23, $24)
     on conflict (feature_name) do update set
       rollout_strategy = $2, rollout_percentage = $3, is_active = $4, emergency_stop = $5, categories = $6,
       target_repositories = $7, excluded_repositories = $8, salt = $9, audience = $24,
       subject_type = coalesce($10, c.subject_type), max_error_rate = coalesce($11, c.max_error_rate),
       monitoring_window_hours = coalesce($12::numeric / 3600, c.monitoring_window_hours),
       auto_rollback_enabled = coalesce($13, c.auto_rollback_enabled),
       spec = coalesce($14, c.spec), spec_digest = coalesce($15, c.spec_digest), resolved = $16,
       revision = ${REVISION}, seal = rollout_seal(${REVISION}, $16),
       archived_at = case when $18 then coalesce(c.archived_at, clock_timestamp()) end,
       epoch = c.epoch + $19::int,
       epoch_started_at = case when $19::int > 0 then clock_timestamp() else c.epoch_started_at end,
       step_started_at = case when ${ANEW} then clock_timestamp() else c.step_started_at end,
       soak_entered = case when ${ANEW} then 0 else c.soak_entered + $21::bigint end,
       soak_exposed = case when ${ANEW} then $23::bigint else c.soak_exposed end,
       updated_at = clock_timestamp()
     where (c.rollout_strategy, c.rollout_percentage, c.is_active, c.emergency_stop, c.categories,
         c.target_repositories, c.excluded_repositories, c.salt, c.audience, c.subject_type, c.max_error_rate,
         c.monitoring_window_hours, c.auto_rollback_enabled, c.spec, c.spec_digest, c.resolved,
         c.revision, c.seal, c.archived_at is not null)
       is distinct from ($2, $3::numeric, $4, $5, $6::text[], $7::text[], $8::text[], $9, $24::jsonb,
         coalesce($10, c.subject_type), coalesce($11, c.max_error_rate),
         coalesce($12::numeric / 3600, c.monitoring_window_hours),
         coalesce($13, c.auto_rollback_enabled), coalesce($14::jsonb, c.spec), coalesce($15, c.spec_digest), $16::jsonb,
         ${REVISION}, rollout_seal(${REVISION}, $16), $18::boolean)
       or $19::int > 0`,
    [
      feature,
      columns.strategy,
      exposure.percentage,
      exposure.active,
      exposure.emergency_stop,
      exposure.categories,
      columns.whitelist,
      columns.blacklist,
      exposure.salt,
      settings?.subject ?? null,
      settings?.max_error_rate ?? null,
      settings?.window ?? null,
      settings?.auto_rollback ?? null,
      spec ? JSON.stringify(spec) : null,
      spec ? specDigest(spec) : null,
      JSON.stringify(resolved),
      revision,
      archived,
      newEpoch ? 1 : 0,
      newStep,
      moved.entering,
      moved.before,
      moved.after,
      columns.audience && JSON.stringify(columns.audience),
    ],
  );
  return (rowCount ?? 0) > 0;
}
