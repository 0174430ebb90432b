import { nearest } from '../../config/base/nearest.ts';
import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';
import type { Reader } from '../../store/store.ts';

/** Names in a hint before the rest is counted. */
const MOST_NAMED = 20;

/** Throws `unknown_feature`. Archived features are known: their history is kept. */
export async function requireFeature(read: Reader, feature: string): Promise<void> {
  const standings = await read.features.standings(feature);
  if (standings.length === 0) throw await unknownFeature(read, feature);
}

/** The error for a name that no feature has, with the one that was probably meant or those there are. */
export async function unknownFeature(read: Reader, feature: string): Promise<RolloutError> {
  const names = (await read.features.standings()).map((standing) => standing.feature);
  return new RolloutError('unknown_feature', `there is no feature ${quoted(feature)}`, {
    hint: featuresHint(feature, names),
  });
}

/**
 * The error for a name that no feature of a file has, with the one that was probably meant or those there are.
 *
 * @param otherwise what to do where the name is meant as it stands
 */
export function unknownInFile(
  path: string,
  feature: string,
  features: ReadonlyMap<string, unknown>,
  otherwise?: string,
): RolloutError {
  const hint = featuresHint(feature, [...features.keys()]);
  return new RolloutError('unknown_feature', `${path} has no feature ${quoted(feature)}`, {
    hint: otherwise === undefined ? hint : `${hint} (${otherwise})`,
  });
}

/** What may have been meant by a name that no feature has. */
function featuresHint(feature: string, names: readonly string[]): string {
  if (names.length === 0) return 'there are none yet; run: rollout plan';
  const meant = nearest(feature, names);
  if (meant !== null) return `did you mean ${meant}?`;
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `there are ${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}
