import type { Elsewhere } from '../../domain/policy/proof.ts';

/**
 * Reads the state of features in the environment `from`; features that it does not have are left out. Returns a text if
 * it cannot be read, with the reason. Never throws.
 */
export type OtherEnvironment = (
  from: string,
  features: readonly string[],
) => Promise<ReadonlyMap<string, Elsewhere> | string>;
