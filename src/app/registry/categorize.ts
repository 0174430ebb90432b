import type { CategorizeReport } from '../../domain/plan/registry-change.ts';
import type { Store } from '../../store/store.ts';

/**
 * Imports the application's own tables, then categorises every repository, in one statement. `patient`: a person waits
 * for it, so it may take long.
 */
export async function categorize(store: Store, actor: string, patient = true): Promise<CategorizeReport> {
  const read = { actor, reason: 'read from rollout_repository_source' };
  const source = await store.registry.refreshFromSource(read, patient);
  const result = await store.registry.categorizeAll({ actor, reason: 'repositories categorised again' });
  if (result.changed > 0) await store.features.keepCounts().catch(() => undefined);
  return { ...result, source };
}
