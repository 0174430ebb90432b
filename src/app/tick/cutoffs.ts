import { missedCutoff } from '../../domain/spec/days.ts';
import type { Store } from '../../store/store.ts';
import type { Words } from '../ports/words.ts';

/**
 * Notifies once for each feature whose cutoff has passed before it was at 100%, and once more if the file sets another
 * day.
 */
export async function tellCutoffs({
  store,
  words,
}: {
  store: Store;
  words: Pick<Words, 'notice'>;
}): Promise<void> {
  const { state, features } = await store.reading(async (read) => ({
    state: await read.state(),
    features: await read.features.actual(),
  }));
  for (const { feature, spec, archived } of features.values()) {
    const day = spec && !archived ? missedCutoff(spec, state.now) : null;
    if (spec === null || day === null) continue;
    const notice = { kind: 'cutoff_missed', feature, day, percentage: spec.percentage } as const;
    await store.outbox.enqueue({
      key: `cutoff_missed:${feature}:${day}`,
      feature,
      severity: 'warning',
      kind: notice.kind,
      message: words.notice(notice),
      details: { day, percentage: spec.percentage },
    });
  }
}
