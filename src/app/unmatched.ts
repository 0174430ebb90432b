import type { Change } from '../domain/change.ts';
import type { Desired, DesiredFeature } from '../domain/desired.ts';
import { idsIn } from '../domain/resolve.ts';
import { SUBJECT_TYPES } from '../domain/vocabulary.ts';
import type { Reader } from '../store/store.ts';

const MOST_NAMED = 3;

/**
 * Says of each change which entries of its lists match nobody: probably misspelt, or not imported yet. Ids are only
 * looked for where the registry has anybody at all; an application may decide without one.
 */
export async function warnOfUnmatched(
  read: Reader,
  changes: readonly Change[],
  desired: Desired,
): Promise<void> {
  const wanted = changes.flatMap((change) => {
    const feature = desired.features.get(change.feature);
    return feature ? [{ change, feature }] : [];
  });
  for (const subject of SUBJECT_TYPES) {
    const ofType = wanted.filter(({ feature }) => feature.spec.subject === subject);
    const unknown = new Set(
      await read.unknownIds(
        subject,
        ofType.flatMap(({ feature }) => idsIn(feature.spec)),
      ),
    );
    for (const { change, feature } of ofType) {
      const ids = idsIn(feature.spec).filter((id) => unknown.has(id));
      if (ids.length > 0) change.warnings.push(`no ${subject} has the id ${few(ids)}: ${WHY}`);
      const names = unmatchedNames(feature);
      if (names.length > 0) change.warnings.push(`nobody is called ${few(names)}: ${WHY}`);
    }
  }
}

const WHY = 'misspelt, or not imported yet';

function unmatchedNames({ resolved }: DesiredFeature): string[] {
  return Object.keys(resolved).filter((entry) => resolved[entry] === null);
}

function few(entries: readonly string[]): string {
  const more = entries.length > MOST_NAMED ? ` and ${entries.length - MOST_NAMED} more` : '';
  return `${entries.slice(0, MOST_NAMED).join(', ')}${more}`;
}
