import type { CategorizeReport } from '../../domain/plan/registry-change.ts';
import type { Store } from '../../store/store.ts';
import type { Words } from '../ports/words.ts';
import { categorize } from '../registry/categorize.ts';

interface Telling {
  store: Store;
  words: Pick<Words, 'notice'>;
}

/**
 * Imports the application's own repositories from the view `rollout_repository_source` at most once a day, as
 * `rollout categorize` does. Null: the view does not exist, it was read within the last day, nothing changed, or reading
 * failed. A failure is notified once until the view can be read again.
 */
export async function takeSource({ store, words }: Telling, actor: string): Promise<CategorizeReport | null> {
  const turn = await store.registry.beginSource();
  if (turn === null) return null;
  try {
    const report = await categorize(store, actor, false);
    await store.registry.endSource(true);
    return hasChanged(report) ? report : null;
  } catch {
    // Both throw if the whole database is unreachable.
    if (!turn.failing) await tell({ store, words }, turn.began_at);
    await store.registry.endSource(false);
    return null;
  }
}

/** Omits the reason, which may name repositories that not every reader of the message may see. */
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
