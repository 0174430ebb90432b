/** Rollbacks that are never a storm, however few features there are. */
const NEVER_A_STORM = 3;
const SHARE_OF_LIVE = 0.2;

/** Seconds within which crossings count as one storm. */
export const STORM_SECONDS = 600;

/** How many features may cross within ten minutes before the others wait for a person. */
export function stormLimit(liveFeatures: number): number {
  return Math.max(NEVER_A_STORM, SHARE_OF_LIVE * liveFeatures);
}

/**
 * Is a feature that crosses now one of too many? When more than three, and more than a fifth of the live features,
 * cross within ten minutes, the cause is likely outside of them: a bad deploy, or a recorder that lies. The first ones
 * are rolled back; the rest freeze and call a person. `crossedAt`: when each of the
 * other features crossed last, in seconds since 1970; one that crosses again and again is not a storm.
 */
export function isStorm(crossedAt: readonly number[], liveFeatures: number, now: number): boolean {
  const recent = crossedAt.filter((at) => at > now - STORM_SECONDS && at <= now).length;
  return recent + 1 > stormLimit(liveFeatures);
}
