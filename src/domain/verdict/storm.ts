/** This many rollbacks are never a storm, however few features there are. */
const NEVER_A_STORM = 3;
const SHARE_OF_LIVE = 0.2;

/** Seconds within which crossings count as one storm. */
export const STORM_SECONDS = 600;

/** Returns how many features may cross within ten minutes before the others wait for a person. */
export function stormLimit(liveFeatures: number): number {
  return Math.max(NEVER_A_STORM, SHARE_OF_LIVE * liveFeatures);
}

/**
 * Is a feature that crosses now one of too many? If more than three features, and more than a fifth of the live ones,
 * cross within ten minutes, the cause is likely outside of them: a bad deployment, or a recorder that reports wrong
 * outcomes. The first ones are rolled back; the others freeze, and a person is notified. `crossedAt`: the last crossing
 * of each other feature, in seconds since 1970; one that crosses again and again is not a storm.
 */
export function isStorm(crossedAt: readonly number[], liveFeatures: number, now: number): boolean {
  const recent = crossedAt.filter((at) => at > now - STORM_SECONDS && at <= now).length;
  return recent + 1 > stormLimit(liveFeatures);
}
