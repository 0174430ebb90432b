import type { Change } from '../../domain/plan/change.ts';
import type { Desired, DesiredFeature } from '../../domain/plan/desired.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import { idsIn } from '../../domain/spec/resolve.ts';
import { SUBJECT_TYPES } from '../../domain/spec/vocabulary.ts';
import type { Reader } from '../../store/store.ts';

const MOST_NAMED = 3;

/** As many test repositories make a first step that can be judged. */
const ENOUGH_TESTS = 5;

/** The problems of a file, without the warning that it names few test repositories where the registry has enough. */
export async function withRegistry(read: Reader, problems: Problem[]): Promise<Problem[]> {
  const few = problems.some(({ code }) => code === 'few_test_repositories');
  if (!few || !(await read.hasTestRepositories(ENOUGH_TESTS))) return problems;
  return problems.filter(({ code }) => code !== 'few_test_repositories');
}

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
