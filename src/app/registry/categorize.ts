import type { CategorizeResult } from '../../store/registry/categories.ts';
import type { ImportResult } from '../../store/registry/subjects.ts';
import type { Store } from '../../store/store.ts';

export interface CategorizeReport extends CategorizeResult {
  /** What the view `rollout_repository_source` brought; null where there is no such view. */
  source: ImportResult | null;
}

/** Takes what the application's own tables know, then categorises every repository, in one statement. */
export async function categorize(store: Store, actor: string): Promise<CategorizeReport> {
  const source = await store.registry.refreshFromSource({
    actor,
    reason: 'read from rollout_repository_source',
  });
  const result = await store.registry.categorizeAll({ actor, reason: 'repositories categorised again' });
  if (result.changed > 0) await store.features.keepCounts().catch(() => undefined);
  return { ...result, source };
}
