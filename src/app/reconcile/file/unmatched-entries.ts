import type { Change } from '../../../domain/plan/change.ts';
import type { Desired, DesiredFeature } from '../../../domain/plan/desired.ts';
import type { PlannedChange } from '../../../domain/plan/impact.ts';
import type { ChangeWarning } from '../../../domain/plan/reason.ts';
import { attributesOf, isOwnerPattern } from '../../../domain/spec/audience/audience.ts';
import type { Problem } from '../../../domain/spec/problem.ts';
import { foldName, idsIn, sortedSet } from '../../../domain/spec/resolve.ts';
import type { Spec } from '../../../domain/spec/spec.ts';
import { SUBJECT_TYPES, type SubjectType } from '../../../domain/spec/vocabulary.ts';
import type { AskedFacts, UnknownFacts } from '../../../store/registry/known-facts.ts';
import type { Reader } from '../../../store/store.ts';

/** This many test repositories allow the first step to be judged. */
const ENOUGH_TESTS = 5;

/** Returns a file's problems, without the warning about few test repositories if the registry has enough. */
export async function withRegistry(read: Reader, problems: Problem[]): Promise<Problem[]> {
  const few = problems.some(({ code }) => code === 'few_test_repositories');
  if (!few || !(await read.registry.hasTestRepositories(ENOUGH_TESTS))) return problems;
  return problems.filter(({ code }) => code !== 'few_test_repositories');
}

/**
 * Adds a warning to each change for list entries that match no subject: probably misspelled, or not imported yet. Ids
 * are checked only if the registry has any subject; an application may work without a registry.
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
  const facts = {
    repository: await read.registry.unknownFacts('repository', askedFacts(wanted, 'repository')),
    customer: await read.registry.unknownFacts('customer', askedFacts(wanted, 'customer')),
  };
  return changes.map((change) => {
    const feature = desired.features.get(change.feature);
    if (!feature) return change;
    const warnings = [
      ...unmatchedWarnings(feature, unknown.get(feature.spec.subject) ?? new Set()),
      ...factWarnings(feature, facts[feature.spec.subject]),
    ];
    return warnings.length === 0 ? change : { ...change, warnings: [...change.warnings, ...warnings] };
  });
}

/**
 * Adds a warning to each counted change in which owners in a list, or filters, apply to every subject: probably a
 * pattern that was meant for some. Features without owners or filters get none.
 */
export function withWholeAudience(changes: readonly PlannedChange[], desired: Desired): PlannedChange[] {
  return changes.map((change) => {
    const spec = desired.features.get(change.feature)?.spec;
    const warning = spec && wholeAudience(spec, change);
    return warning ? { ...change, warnings: [...change.warnings, warning] } : change;
  });
}

function wholeAudience(spec: Spec, { impact, to, held }: PlannedChange): ChangeWarning | null {
  if (!impact || impact.total === 0 || held || !to.active || to.emergency_stop) return null;
  const { subject, percentage, whitelist, blacklist, where, not } = spec;
  const facts = { subject, total: impact.total, percentage };
  if (impact.after === impact.total && percentage < 100 && whitelist.some(isOwnerPattern)) {
    return { code: 'everybody_listed', ...facts };
  }
  const narrows = where !== undefined || not !== undefined || blacklist.some(isOwnerPattern);
  return impact.after === 0 && percentage > 0 && narrows ? { code: 'nobody_left', ...facts } : null;
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

function askedFacts(features: readonly DesiredFeature[], subject: SubjectType): AskedFacts {
  const specs = features.map(({ spec }) => spec).filter((spec) => spec.subject === subject);
  const values = new Map<string, string[]>();
  for (const { where = {}, not = {} } of specs) {
    for (const [attribute, asked] of [...Object.entries(where), ...Object.entries(not)]) {
      values.set(attribute, sortedSet([...(values.get(attribute) ?? []), ...asked]));
    }
  }
  const attributes = sortedSet(specs.flatMap(attributesOf));
  return { attributes, values, owners: subject === 'repository' ? sortedSet(specs.flatMap(ownersIn)) : [] };
}

function ownersIn({ whitelist, blacklist }: Spec): string[] {
  return [...whitelist, ...blacklist].filter(isOwnerPattern).map(foldName);
}

function factWarnings({ spec }: DesiredFeature, unknown: UnknownFacts): ChangeWarning[] {
  const { subject, where = {}, not = {} } = spec;
  const asked = attributesOf(spec);
  const attributes = asked.filter((attribute) => unknown.attributes.includes(attribute));
  const notText = asked.filter((attribute) => unknown.notText.includes(attribute));
  const owners = sortedSet(ownersIn(spec)).filter((owner) => unknown.owners.includes(owner));
  const values = [...Object.entries(where), ...Object.entries(not)].flatMap(([attribute, wanted]) => {
    const missing = wanted.filter((value) => unknown.values.get(attribute)?.includes(value));
    return missing.length === 0
      ? []
      : [{ code: 'unknown_values', subject, attribute, values: missing } as const];
  });
  return [
    ...(owners.length > 0 ? [{ code: 'unmatched_owners', owners } as const] : []),
    ...(attributes.length > 0 ? [{ code: 'unknown_attributes', subject, attributes } as const] : []),
    ...(notText.length > 0 ? [{ code: 'attributes_not_text', subject, attributes: notText } as const] : []),
    ...values,
  ];
}

function unmatchedNames({ resolved }: DesiredFeature): string[] {
  return Object.keys(resolved).filter((entry) => resolved[entry] === null);
}
