import type { Reason } from '../../domain/spec/vocabulary.ts';

/**
 * A decision as one small number, which needs no allocation: twice the index of its reason, plus one if the subject is
 * eligible.
 */
const REASONS = [
  'unknown',
  'env_stop',
  'inactive',
  'emergency_stop',
  'global_stop',
  'blacklist',
  'whitelist',
  'not_whitelisted',
  'category',
  'percentage',
  'repository_size',
  'uncategorized',
  'unknown_attribute',
  'attribute',
] as const satisfies readonly Reason[];

function no(reason: Reason): number {
  return 2 * REASONS.indexOf(reason);
}

/** The decision for a value that is not an id. */
export const NOBODY = no('unknown');
export const ENV_STOP = no('env_stop');
export const INACTIVE = no('inactive');
export const EMERGENCY_STOP = no('emergency_stop');
export const GLOBAL_STOP = no('global_stop');
export const BLACKLISTED = no('blacklist');
export const WHITELISTED = no('whitelist') + 1;
export const NOT_WHITELISTED = no('not_whitelisted');
export const OTHER_CATEGORY = no('category');
export const OVER_PERCENTAGE = no('percentage');
export const UNDER_PERCENTAGE = OVER_PERCENTAGE + 1;
export const TOO_LARGE = no('repository_size');
export const SMALL_ENOUGH = TOO_LARGE + 1;
export const UNCATEGORIZED = no('uncategorized');
export const UNKNOWN_ATTRIBUTE = no('unknown_attribute');
export const OTHER_ATTRIBUTE = no('attribute');

/** Does this code say yes? */
export function isYes(code: number): boolean {
  return (code & 1) === 1;
}

export function reasonOf(code: number): Reason {
  return REASONS[code >> 1] ?? 'unknown';
}
