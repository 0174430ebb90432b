import { RolloutError } from '../errors.ts';

/** Operations that must have a reason in history. */
export type NeedsReason = 'stop' | 'rollback' | 'resume' | 'adopt-file' | 'allow' | 'forget';

/** Returns the reason for history. Throws `usage` without one; `hint` says how to give it here. */
export function requireReason(
  reason: string | null | undefined,
  operation: NeedsReason,
  hint: string,
): string {
  const given = reason?.trim();
  if (given) return given;
  throw new RolloutError('usage', `${operation} needs a reason; history keeps it`, { hint });
}
