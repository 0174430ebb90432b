import { createHash } from 'node:crypto';
import type { Guardrail } from '../../domain/spec/spec.ts';

/** The digest of a guardrail's queries, as `rollout_queries_digest` makes it; null: it has none. */
export function queriesDigest({ query }: Pick<Guardrail, 'query'>): string | null {
  if (!query) return null;
  return createHash('sha256').update(`${query.bad}\n${query.all}`).digest('hex');
}
