import { createHash } from 'node:crypto';
import type { ActualFeature } from '../../domain/plan/actual.ts';
import { same } from '../../domain/spec/difference.ts';
import type { Incident, Permit } from '../../domain/spec/incident.ts';
import { type Resolved, resolveSince, sortedSet } from '../../domain/spec/resolve.ts';
import { asResolved, canonicalJson, type Exposure, type Spec } from '../../domain/spec/spec.ts';
import type { Strategy, SubjectType } from '../../domain/spec/vocabulary.ts';
import { type Audience, fromAudienceColumns, hasStrayOwner } from '../db/audience.ts';
import type { Queryable } from '../db/client.ts';

/** Hex SHA-256 of the spec's canonical JSON. */
export function specDigest(spec: Spec): string {
  return createHash('sha256').update(canonicalJson(spec)).digest('hex');
}

interface FeatureRow {
  feature_name: string;
  subject_type: SubjectType;
  rollout_strategy: Strategy;
  percentage: number;
  is_active: boolean;
  emergency_stop: boolean;
  categories: Exposure['categories'];
  target_repositories: string[];
  excluded_repositories: string[];
  salt: string;
  audience: Audience | null;
  max_error_rate: number;
  window_seconds: number;
  auto_rollback_enabled: boolean;
  spec: Spec | null;
  spec_digest: string | null;
  /** Ids of names in lists, as the controller last wrote them. */
  resolved: Resolved;
  revision: string | null;
  /** The sealed columns that were edited by hand. */
  unsealed: string[];
  archived: boolean;
  pilot_status: string | null;
}

const FEATURE_COLUMNS = `feature_name, subject_type, rollout_strategy, rollout_percentage::float8 as percentage,
  is_active, emergency_stop, categories, target_repositories, excluded_repositories, salt, audience,
  max_error_rate::float8, round(monitoring_window_hours * 3600)::float8 as window_seconds,
  auto_rollback_enabled, spec, spec_digest, sealed.resolved, sealed.revision,
  case when c.seal = rollout_seal(c.revision, c.resolved) then '{}' else array_remove(array[
    case when c.resolved <> sealed.resolved then 'resolved' end,
    case when c.revision is distinct from sealed.revision then 'revision' end,
    case when c.seal <> rollout_seal(sealed.revision, sealed.resolved) then 'seal' end], null) end as unsealed,
  archived_at is not null as archived,
  case when metadata ? 'pilot' then coalesce(metadata #>> '{pilot,status}', '') end as pilot_status`;

/** Reads every feature, including archived ones, or one of them. */
export async function readFeatures(db: Queryable, feature?: string): Promise<Map<string, ActualFeature>> {
  const { rows } = await db.query<FeatureRow>(
    `select ${FEATURE_COLUMNS} from rollout_configuration c, rollout_sealed(c) sealed
     where $1::text is null or feature_name = $1 order by feature_name`,
    [feature ?? null],
  );
  return new Map(rows.map((row) => [row.feature_name, toActual(row)]));
}

function toActual(row: FeatureRow): ActualFeature {
  const spec = row.spec && specDigest(row.spec) === row.spec_digest ? row.spec : null;
  const said = fromAudienceColumns({
    strategy: row.rollout_strategy,
    whitelist: row.target_repositories,
    blacklist: row.excluded_repositories,
    audience: row.audience,
  });
  return {
    feature: row.feature_name,
    // A spec that was edited in the database is not a baseline.
    spec,
    edited: spec ? null : editedSpec(row),
    unsealed: [...row.unsealed, ...strayOwners(row)],
    resolved: row.resolved,
    columns: asResolved({
      active: row.is_active,
      emergency_stop: row.emergency_stop,
      ...said,
      // With the strategy whitelist the file may omit the percentage, which then decides nothing.
      percentage: said.strategy === 'whitelist' ? 0 : row.percentage,
      categories: row.categories,
      whitelist: sortedSet(said.whitelist),
      blacklist: sortedSet(said.blacklist),
      salt: row.salt,
    }),
    settings: {
      subject: row.subject_type,
      max_error_rate: row.max_error_rate,
      window: row.window_seconds,
      auto_rollback: row.auto_rollback_enabled,
    },
    archived: row.archived,
    revision: row.revision,
    ...(row.pilot_status === null ? {} : { movedPilot: { paused: row.pilot_status === 'paused' } }),
  };
}

/** Returns the columns of ids in which SQL wrote an owner: it admits and excludes nobody there, and does not stay. */
function strayOwners({ target_repositories, excluded_repositories }: FeatureRow): string[] {
  const columns = { target_repositories, excluded_repositories };
  return Object.entries(columns).flatMap(([column, ids]) => (hasStrayOwner(ids) ? [column] : []));
}

/** Returns null for a row that never had a spec. */
function editedSpec({ spec, spec_digest, revision }: FeatureRow): ActualFeature['edited'] {
  if (spec === null && spec_digest === null && revision === null) return null;
  return { wasLast: (other) => specDigest(other) === spec_digest || same(other, spec) };
}

interface IncidentRow {
  id: string;
  feature_name: string;
  kind: Incident['kind'];
  state: Incident['state'];
  reason: string;
  opened_at: Date;
  subject: Incident['subject'];
  held: Exposure;
  before: Exposure | null;
  permit: (Omit<Permit, 'expires_at' | 'ceiling'> & { ceiling: Exposure; expires_at: string }) | null;
  settled_by: string | null;
  write_back_commit: string | null;
  resolved: Resolved;
}

/**
 * Reads the open and the settled incidents, within a feature older ones first and the open one last, with the names
 * resolved since.
 */
export async function readCurrentIncidents(db: Queryable, feature?: string): Promise<Incident[]> {
  const { rows } = await db.query<IncidentRow>(
    `select i.id::text, i.feature_name, i.kind, i.state, i.reason, i.opened_at, i.held - 'subject' as held,
       coalesce(i.held ->> 'subject', c.subject_type) as subject, i.before, i.permit, i.settled_by, i.write_back_commit, sealed.resolved
     from rollout_incidents i join rollout_configuration c using (feature_name), rollout_sealed(c) sealed
     where i.state in ('open', 'settled') and ($1::text is null or i.feature_name = $1)
     order by i.feature_name, i.state = 'open', i.id`,
    [feature ?? null],
  );
  return rows.map(toIncident);
}

function toIncident(row: IncidentRow): Incident {
  const { permit, resolved } = row;
  return {
    id: row.id,
    feature: row.feature_name,
    kind: row.kind,
    state: row.state,
    reason: row.reason,
    opened_at: row.opened_at,
    subject: row.subject,
    held: resolveSince(row.held, resolved),
    before: row.before && resolveSince(row.before, resolved),
    permit: permit && {
      ...permit,
      ceiling: resolveSince(permit.ceiling, resolved),
      expires_at: new Date(permit.expires_at),
    },
    settled_by: [row.settled_by, row.write_back_commit].filter((commit) => commit !== null),
    // Only the repository knows; until it is asked, no commit counts as contained.
    settlement: 'missing',
  };
}
