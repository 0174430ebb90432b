import { createHash } from 'node:crypto';
import type { Guardrail } from '../../domain/spec/spec.ts';

/**
 * Returns the digest of a guardrail's queries, equal to the SQL function `rollout_queries_digest`; null: it has none.
 */
export function queriesDigest({ query }: Pick<Guardrail, 'query'>): string | null {
  if (!query) return null;
  return createHash('sha256').update(`${query.bad}\n${query.all}`).digest('hex');
}
