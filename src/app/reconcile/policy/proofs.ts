import type { Elsewhere } from '../../../domain/policy/proof.ts';
import type { Policy } from '../../../domain/spec/policy.ts';
import type { OtherEnvironment } from '../../ports.ts';

/** Asks the other environment where a policy wants a proof; null: it wants none. */
export async function proofOf(
  other: OtherEnvironment | undefined,
  { promotes }: Policy,
  feature: string,
): Promise<Elsewhere | null> {
  if (promotes === undefined) return null;
  const known = other ? await other(promotes.from, [feature]) : 'nothing here can read its database';
  return typeof known === 'string'
    ? { state: 'unknown', why: known }
    : (known.get(feature) ?? { state: 'absent' });
}
