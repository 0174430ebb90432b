/** Seconds between two ticks in the shipped workflow's schedule. */
const INTERVAL = 900;
const MISSED = 3;

/**
 * Has the scheduled controller missed three runs? A controller that never ran is not late: nobody has started it yet.
 */
export function heartbeatIsStale(heartbeat: Date | null, now: Date): boolean {
  return heartbeat !== null && now.getTime() - heartbeat.getTime() > MISSED * INTERVAL * 1_000;
}
