import { RolloutError } from '../errors.ts';

/** Operations that history must say a reason for. */
export type NeedsReason = 'stop' | 'rollback' | 'resume' | 'adopt-file' | 'allow' | 'forget';

/** A reason for whoever reads the history. Throws `usage` without one; `hint` says how it is given here. */
export function requireReason(
  reason: string | null | undefined,
  operation: NeedsReason,
  hint: string,
): string {
  const given = reason?.trim();
  if (given) return given;
  throw new RolloutError('usage', `${operation} needs a reason; history keeps it`, { hint });
}
