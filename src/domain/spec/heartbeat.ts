/** Seconds between two ticks, as the shipped workflow schedules them. */
const INTERVAL = 900;
const MISSED = 3;

/** Has the scheduled controller missed three runs? One that never ran is not late: nobody has started it yet. */
export function heartbeatIsStale(heartbeat: Date | null, now: Date): boolean {
  return heartbeat !== null && now.getTime() - heartbeat.getTime() > MISSED * INTERVAL * 1_000;
}
