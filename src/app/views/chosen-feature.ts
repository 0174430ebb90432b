import { HYBRID_FEATURE } from '../../domain/eligibility/overrides.ts';
import { RolloutError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import { requireFeature } from '../registry/known-feature.ts';

const MOST_NAMED = 20;

/**
 * Returns the feature of a session: the named one, otherwise `hybrid_progressive_capture`, otherwise the only one.
 * Throws `unknown_feature` if none of these exists.
 */
export function chosenFeature(store: Store, named: string | undefined): Promise<string> {
  return store.reading(async (read) => {
    if (named !== undefined) {
      await requireFeature(read, named);
      return named;
    }
    const standings = await read.features.standings();
    const known = standings.flatMap(({ feature, archived }) => (archived ? [] : [feature]));
    const chosen = known.includes(HYBRID_FEATURE) ? HYBRID_FEATURE : known[0];
    if (chosen !== undefined && (chosen === HYBRID_FEATURE || known.length === 1)) return chosen;
    throw undecided(
      known,
      standings.map(({ feature }) => feature),
    );
  });
}

/** `all` includes the archived features. */
function undecided(known: readonly string[], all: readonly string[]): RolloutError {
  const nameOne = (names: readonly string[]) =>
    `--feature with one of ${names.slice(0, MOST_NAMED).join(', ')}`;
  if (known.length > 0)
    return unknown(`there are ${known.length} features, so name the one that you mean`, nameOne(known));
  if (all.length === 0) return unknown('there are no features yet', 'begin with: rollout plan');
  const are = all.length === 1 ? `${all[0]} is archived` : `${all.length} are archived`;
  return unknown(`no feature is left: ${are}`, `to look at an archived one: ${nameOne(all)}`);
}

function unknown(message: string, hint: string): RolloutError {
  return new RolloutError('unknown_feature', message, { hint });
}
