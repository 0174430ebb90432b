import type { CategorizeReport } from '../../domain/report/registry-reports.ts';
import type { Store } from '../../store/store.ts';

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
