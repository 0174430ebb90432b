import type {
  OriginalCategory,
  OriginalConfiguration,
  OriginalRollout,
} from '../../domain/originals/originals.ts';
import type { Category } from '../../domain/spec/vocabulary.ts';
import type { Queryable } from '../db/client.ts';

/** Returns null if the feature does not exist or is archived. */
export async function readOriginalConfiguration(
  db: Queryable,
  feature: string,
): Promise<OriginalConfiguration | null> {
  const { rows } = await db.query<OriginalConfiguration>(
    `select id, feature_name, rollout_percentage::float8, is_active, target_repositories, excluded_repositories,
       coalesce(audience ->> 'strategy', rollout_strategy) as rollout_strategy, max_error_rate::float8, monitoring_window_hours::float8, auto_rollback_enabled,
       emergency_stop, metadata, created_at, updated_at
     from rollout_configuration where feature_name = $1 and archived_at is null`,
    [feature],
  );
  return rows[0] ?? null;
}

export const CATEGORY_COLUMNS = `r.repository_id, r.full_name, r.category, r.priority_level, r.is_test_repository,
  r.star_count, r.contributor_count, r.pr_count, r.monthly_activity_score, r.last_categorized_at, r.created_at,
  r.updated_at`;

/** Reads repositories of a category, most active first. */
export async function repositoriesIn(
  db: Queryable,
  category: Category,
  limit: number,
): Promise<OriginalCategory[]> {
  const { rows } = await db.query<OriginalCategory>(
    `select ${CATEGORY_COLUMNS} from repository_categories r where r.category = $1
     order by r.monthly_activity_score desc, r.repository_id collate "C" limit $2`,
    [category, limit],
  );
  return rows;
}

/** Reads repositories that a feature does not admit yet and does not exclude, in the order in which sizes enter. */
export async function repositoriesToCome(
  db: Queryable,
  feature: string,
  limit: number,
): Promise<OriginalCategory[]> {
  const { rows } = await db.query<OriginalCategory>(
    `select ${CATEGORY_COLUMNS} from repository_categories r
     left join rollout_configuration c on c.feature_name = $1 and c.archived_at is null
     where r.category is not null and (c.feature_name is null or not (
       r.repository_id = any (c.denied)
       or coalesce(c.audience -> 'blacklist' ? (r.facts ->> 'owner' || '/*'), false)
       or coalesce(lower(r.full_name collate "C") = any (c.denied), false)
       or rollout_admits(c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
         c.target_repositories, c.denied, c.salt, c.audience, r.repository_id, r.full_name, r.category, r.facts)))
     order by r.priority_level desc, r.monthly_activity_score, r.repository_id collate "C" limit $2`,
    [feature, limit],
  );
  return rows;
}

/** Returns null if no feature whose subjects are customers has this name. */
export async function readOriginalRollout(db: Queryable, feature: string): Promise<OriginalRollout | null> {
  const { rows } = await db.query<OriginalRollout>(
    `select id, feature_name, current_tier, target_tier, percentage::float8, status, whitelisted_customers,
       blacklisted_customers, rollback_threshold, started_at, completed_at
     from feature_rollouts where feature_name = $1`,
    [feature],
  );
  return rows[0] ?? null;
}
