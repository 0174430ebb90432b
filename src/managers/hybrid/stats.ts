import { type FeatureStats, stats } from '../../app/views/status.ts';
import { CATEGORIES } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import { HOUR_SECONDS } from '../../lib/time.ts';
import type { Store } from '../../store/store.ts';
import type { RolloutStats } from '../calls/types.ts';

/** Returns null if the feature does not exist. */
export async function hybridStats(store: Store, feature: string): Promise<RolloutStats | null> {
  const found = await featureStats(store, feature);
  if (found === null) return null;
  const { health, categories } = found;
  const { jobs, errors, mean_ms } = health.treatment;
  const byCategory = Object.fromEntries([...CATEGORIES, 'uncategorized'].map((category) => [category, 0]));
  for (const { category, total } of categories) byCategory[category ?? 'uncategorized'] = total;
  const byProcessor: Record<string, number> = {};
  for (const rate of health.rates) {
    byProcessor[rate.processor] = (byProcessor[rate.processor] ?? 0) + rate.jobs;
  }
  return {
    feature_name: feature,
    rollout_percentage: found.percentage,
    is_active: found.active,
    emergency_stop: found.emergency_stop,
    total_repositories: found.total,
    eligible_repositories: found.eligible,
    categories: byCategory,
    error_rate: percent(errors, jobs),
    success_rate: percent(jobs - errors, jobs),
    active_jobs: Object.values(byProcessor).reduce((sum, count) => sum + count, 0),
    average_processing_time: (mean_ms ?? 0) / 1_000,
    processor_distribution: byProcessor,
    monitoring_window_hours: health.window / HOUR_SECONDS,
  };
}

/** Returns statistics of a feature that is not archived. */
async function featureStats(store: Store, feature: string): Promise<FeatureStats | null> {
  try {
    const { features } = await stats(store, feature);
    return features[0] ?? null;
  } catch (error) {
    if (error instanceof RolloutError && error.code === 'unknown_feature') return null;
    throw error;
  }
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100;
}
