import type { Elsewhere } from '../../domain/policy/proof.ts';

/**
 * What the environment `from` knows of features; those that it does not have are left out. A text says why it cannot be
 * known. Never throws.
 */
export type OtherEnvironment = (
  from: string,
  features: readonly string[],
) => Promise<ReadonlyMap<string, Elsewhere> | string>;
