import { nearest } from '../../config/base/nearest.ts';
import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';
import type { Reader } from '../../store/store.ts';

/** Names in a hint; the others are counted. */
const MOST_NAMED = 20;

/** Throws `unknown_feature` for an unknown name. Archived features are known: their history is kept. */
export async function requireFeature(read: Reader, feature: string): Promise<void> {
  const standings = await read.features.standings(feature);
  if (standings.length === 0) throw await unknownFeature(read, feature);
}

/** Returns the error for an unknown feature, with the probable name or the existing ones. */
export async function unknownFeature(read: Reader, feature: string): Promise<RolloutError> {
  const names = (await read.features.standings()).map((standing) => standing.feature);
  return new RolloutError('unknown_feature', `there is no feature ${quoted(feature)}`, {
    hint: featuresHint(feature, names),
  });
}

/**
 * Returns the error for a name that no feature of a file has, with the probable name or the existing ones.
 *
 * @param otherwise what to do if the name is meant as written
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

/** Suggests the probable feature for an unknown name. */
function featuresHint(feature: string, names: readonly string[]): string {
  if (names.length === 0) return 'there are none yet; run: rollout plan';
  const meant = nearest(feature, names);
  if (meant !== null) return `did you mean ${meant}?`;
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `there are ${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}
