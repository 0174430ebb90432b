import type { CategorizeReport } from '../../domain/plan/registry-change.ts';
import type { Store } from '../../store/store.ts';
import type { Words } from '../ports/words.ts';
import { categorize } from '../registry/categorize.ts';

interface Telling {
  store: Store;
  words: Pick<Words, 'notice'>;
}

/**
 * Once a day: the repositories of the application's own tables, where the view `rollout_repository_source` exists, as
 * `rollout categorize` takes them over. Null: there is no view, it is not time yet, nothing changed, or it could not be
 * read, which is notified once until it can be read again.
 */
export async function takeSource({ store, words }: Telling, actor: string): Promise<CategorizeReport | null> {
  const turn = await store.registry.beginSource();
  if (turn === null) return null;
  try {
    const report = await categorize(store, actor, false);
    await store.registry.endSource(true);
    return hasChanged(report) ? report : null;
  } catch {
    // Both throw where it is the whole database that is away.
    if (!turn.failing) await tell({ store, words }, turn.began_at);
    await store.registry.endSource(false);
    return null;
  }
}

/** Without the reason, which may name repositories: not everybody may read them who reads this. */
async function tell({ store, words }: Telling, since: Date): Promise<void> {
  await store.outbox.enqueue({
    key: `source_unread:${since.getTime()}`,
    feature: null,
    severity: 'warning',
    kind: 'source_unread',
    message: words.notice({ kind: 'source_unread', feature: null }),
  });
}

function hasChanged({ changed, movements, source }: CategorizeReport): boolean {
  const brought = source === null ? 0 : source.added + source.changed + source.movements.length;
  return changed + movements.length + brought > 0;
}
