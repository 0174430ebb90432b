import type { Elsewhere } from '../../../domain/policy/proof.ts';
import type { Policy } from '../../../domain/spec/policy.ts';
import type { OtherEnvironment } from '../../ports/other-environment.ts';

/** A feature that is raised, and the policy over it. */
interface Raised {
  feature: string;
  policy: Policy;
}

/**
 * Reads other environments where policies demand a proof; a feature without an entry needs none. Each environment is
 * asked once for all features, and all at the same time: a slow answer delays the reductions of the same file only
 * once.
 */
export async function proofsOf(
  other: OtherEnvironment | undefined,
  raised: readonly Raised[],
): Promise<Map<string, Elsewhere>> {
  const asked = new Map<string, string[]>();
  for (const { feature, policy } of raised) {
    const from = policy.promotes?.from;
    if (from !== undefined) asked.set(from, [...(asked.get(from) ?? []), feature]);
  }
  const answers = await Promise.all(
    [...asked].map(async ([from, features]) => {
      const known = other ? await other(from, features) : 'its database cannot be read from here';
      return features.map((feature): [string, Elsewhere] => [
        feature,
        typeof known === 'string'
          ? { state: 'unknown', why: known }
          : (known.get(feature) ?? { state: 'absent' }),
      ]);
    }),
  );
  return new Map(answers.flat());
}

/** Reads the proof of one feature in the other environment; null: its policy demands none. */
export async function proofOf(
  other: OtherEnvironment | undefined,
  policy: Policy,
  feature: string,
): Promise<Elsewhere | null> {
  return (await proofsOf(other, [{ feature, policy }])).get(feature) ?? null;
}
