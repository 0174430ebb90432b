import { HYBRID_FEATURE } from '../domain/overrides.ts';
import { RolloutError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { requireFeature } from './status.ts';

/**
 * The feature that a session is about: the one that is named, else `hybrid_progressive_capture`, else the only
 * one. Throws `unknown_feature` where that says none.
 */
export function chosenFeature(store: Store, named: string | undefined): Promise<string> {
  return store.reading(async (read) => {
    if (named !== undefined) {
      await requireFeature(read, named);
      return named;
    }
    const known = (await read.standings()).filter(({ archived }) => !archived).map(({ feature }) => feature);
    const chosen = known.includes(HYBRID_FEATURE) ? HYBRID_FEATURE : known[0];
    if (chosen !== undefined && (chosen === HYBRID_FEATURE || known.length === 1)) return chosen;
    const said = known.length === 0 ? 'there are no features yet' : `there are ${known.length} features`;
    throw new RolloutError('unknown_feature', `${said}, so say which is meant`, {
      hint:
        known.length === 0
          ? 'begin with: rollout plan'
          : `--feature with one of ${known.slice(0, 20).join(', ')}`,
    });
  });
}
