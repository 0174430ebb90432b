import { isWithin, looksLikeName } from '../../spec/at-most.ts';
import { same, without } from '../../spec/difference.ts';
import type { Incident } from '../../spec/incident.ts';
import { foldName, sortedSet } from '../../spec/resolve.ts';
import type { ResolvedExposure } from '../../spec/spec.ts';
import { CATEGORIES, type SubjectType } from '../../spec/vocabulary.ts';
import { type ActualFeature, settingsOf } from '../actual.ts';
import type { DesiredFeature } from '../desired.ts';

/**
 * Does the file exceed the state that an incident held? Subjects of another type than the held one are new at any
 * percentage.
 */
export function exceeds(
  { spec, exposure }: Pick<DesiredFeature, 'spec' | 'exposure'>,
  { subject, held }: Pick<Incident, 'subject' | 'held'>,
): boolean {
  return !isWithin({ subject: spec.subject, exposure }, { subject, exposure: held });
}

export function rowAgrees(desired: DesiredFeature, actual: ActualFeature): boolean {
  const said = asTheFileSays(actual.columns, desired.spec.subject);
  return same(desired.exposure, said) && same(settingsOf(desired.spec), actual.settings);
}

/** Normalizes columns that others wrote to the form of the file: order, case, and subjects in both lists. */
function asTheFileSays(columns: ResolvedExposure, subject: SubjectType): ResolvedExposure {
  const isName = (entry: string) => subject === 'repository' && looksLikeName(entry);
  const blacklist = columns.blacklist.map((entry) => (isName(entry) ? foldName(entry) : entry));
  return {
    ...columns,
    categories: columns.categories && CATEGORIES.filter((category) => columns.categories?.includes(category)),
    whitelist: without(columns.whitelist, columns.blacklist),
    blacklist: sortedSet(blacklist),
  };
}
