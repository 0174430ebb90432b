import type { Audience } from '../../domain/plan/impact.ts';
import type { Narrowing } from '../../domain/spec/audience/audience.ts';
import type { Strategy, SubjectType } from '../../domain/spec/vocabulary.ts';
import type { Queryable } from '../db/client.ts';
import { exposuresOf } from './impact.ts';

/** One feature in a line of the status. */
export interface FeatureStanding {
  feature: string;
  subject: SubjectType;
  strategy: Strategy;
  percentage: number;
  active: boolean;
  emergency_stop: boolean;
  archived: boolean;
  /** The attributes that it asks for; left out if there are none. */
  narrowing?: Narrowing;
  /** The open incident, which holds the feature. */
  incident: string | null;
  incident_reason: string | null;
  incident_opened_at: Date | null;
  write_back: string | null;
  revision: string | null;
  epoch: number;
  epoch_started_at: Date;
  step_started_at: Date;
}

export async function readStandings(db: Queryable, feature?: string): Promise<FeatureStanding[]> {
  const { rows } = await db.query<Omit<FeatureStanding, 'narrowing'> & { narrowing: Narrowing | null }>(
    `select c.feature_name as feature, c.subject_type as subject, coalesce(c.audience ->> 'strategy', c.rollout_strategy) as strategy,
       c.rollout_percentage::float8 as percentage, c.is_active as active, c.emergency_stop,
       c.archived_at is not null as archived, i.id::text as incident, i.reason as incident_reason,
       i.opened_at as incident_opened_at, i.write_back, c.revision, c.epoch, c.epoch_started_at, c.step_started_at,
       nullif(jsonb_strip_nulls(jsonb_build_object('where', c.audience -> 'where', 'not', c.audience -> 'not',
         'group_by', c.audience -> 'group_by')), '{}') as narrowing
     from rollout_configuration c
     left join rollout_incidents i on i.feature_name = c.feature_name and i.state = 'open'
     where $1::text is null or c.feature_name = $1
     order by c.feature_name`,
    [feature ?? null],
  );
  return rows.map(({ narrowing, ...row }) => (narrowing === null ? row : { ...row, narrowing }));
}

/** How many subjects one category has, and how many of them the feature admits now. */
export interface EligibleCount {
  category: string | null;
  eligible: number;
  total: number;
}

/** Reads the counts of every feature, or of one, by feature; a feature with an empty registry has none. */
export async function countEligible(db: Queryable, feature?: string): Promise<Map<string, EligibleCount[]>> {
  const { rows } = await db.query<EligibleCount & { feature: string }>(
    `select feature, category, eligible::float8, total::float8 from rollout_count_features($1)`,
    [feature === undefined ? null : [feature]],
  );
  const counts = new Map<string, EligibleCount[]>();
  for (const { feature: name, ...count } of rows) counts.set(name, [...(counts.get(name) ?? []), count]);
  return counts;
}

/**
 * Stores the counts of every feature, so that no reader has to count the registry; also the counts that a coming change
 * needs.
 */
export async function keepCounts(db: Queryable, audiences: readonly Audience[] = []): Promise<void> {
  await db.query(`select rollout_keep_counts($1)`, [exposuresOf(audiences)]);
}
