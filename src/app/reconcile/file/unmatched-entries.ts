import type { Change } from '../../../domain/plan/change.ts';
import type { Desired, DesiredFeature } from '../../../domain/plan/desired.ts';
import type { ChangeWarning } from '../../../domain/plan/reason.ts';
import type { Problem } from '../../../domain/spec/problem.ts';
import { idsIn } from '../../../domain/spec/resolve.ts';
import { SUBJECT_TYPES, type SubjectType } from '../../../domain/spec/vocabulary.ts';
import type { Reader } from '../../../store/store.ts';

/** As many test repositories make a first step that can be judged. */
const ENOUGH_TESTS = 5;

/** The problems of a file, without the warning that it names few test repositories where the registry has enough. */
export async function withRegistry(read: Reader, problems: Problem[]): Promise<Problem[]> {
  const few = problems.some(({ code }) => code === 'few_test_repositories');
  if (!few || !(await read.registry.hasTestRepositories(ENOUGH_TESTS))) return problems;
  return problems.filter(({ code }) => code !== 'few_test_repositories');
}

/**
 * The changes, each with a warning for the entries of its lists that match nobody: probably misspelled, or not imported
 * yet. Ids are only looked for where the registry has anybody at all; an application may decide without one.
 */
export async function withUnmatched(
  read: Reader,
  changes: readonly Change[],
  desired: Desired,
): Promise<Change[]> {
  const wanted = changes.flatMap(({ feature }) => desired.features.get(feature) ?? []);
  const unknown = new Map<SubjectType, ReadonlySet<string>>();
  for (const subject of SUBJECT_TYPES) {
    const ids = wanted.filter(({ spec }) => spec.subject === subject).flatMap(({ spec }) => idsIn(spec));
    unknown.set(subject, new Set(await read.registry.unknownIds(subject, ids)));
  }
  return changes.map((change) => {
    const feature = desired.features.get(change.feature);
    if (!feature) return change;
    const warnings = unmatchedWarnings(feature, unknown.get(feature.spec.subject) ?? new Set());
    return warnings.length === 0 ? change : { ...change, warnings: [...change.warnings, ...warnings] };
  });
}

function unmatchedWarnings(feature: DesiredFeature, unknown: ReadonlySet<string>): ChangeWarning[] {
  const { subject } = feature.spec;
  const ids = idsIn(feature.spec).filter((id) => unknown.has(id));
  const names = unmatchedNames(feature);
  return [
    ...(ids.length > 0 ? [{ code: 'unknown_ids', subject, ids } as const] : []),
    ...(names.length > 0 ? [{ code: 'unmatched_names', subject, names } as const] : []),
  ];
}

function unmatchedNames({ resolved }: DesiredFeature): string[] {
  return Object.keys(resolved).filter((entry) => resolved[entry] === null);
}
