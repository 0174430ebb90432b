import { type Facts, OWNER, ownerPatternOf } from '../../domain/spec/audience/audience.ts';
import { foldName } from '../../domain/spec/resolve.ts';
import type { Profiles } from '../decide/facts-table.ts';
import type { KnownSubjects } from '../decide/known-subjects.ts';

/** The registry of a test: one profile per subject, and owners of repositories by their attribute. */
export function knownFacts(
  attributes: Readonly<Record<string, Facts>>,
): Pick<KnownSubjects, 'holdersOf' | 'knowsHolders' | 'profiles'> {
  const given = Object.entries(attributes);
  const places = new Map(given.map(([id], place) => [id, place + 1]));
  const owned = given.map(([, of]) =>
    Object.hasOwn(of, OWNER) ? { ...of, [OWNER]: foldName(of[OWNER] ?? '') } : of,
  );
  const profilesOf = (facts: readonly Facts[]): Profiles => ({
    profileOf: (id) => places.get(id) ?? 0,
    factsOf: (profile) => facts[profile - 1] ?? null,
  });
  const profiles = { repository: profilesOf(owned), customer: profilesOf(given.map(([, of]) => of)) };
  return {
    holdersOf: (subject, names) =>
      subject === 'customer'
        ? []
        : given.flatMap(([id], place) =>
            names.includes(ownerPatternOf(owned[place] ?? null) ?? '') ? [id] : [],
          ),
    knowsHolders: () => true,
    profiles: (subject) => profiles[subject],
  };
}
