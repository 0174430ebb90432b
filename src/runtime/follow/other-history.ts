import type { Events } from '../host/events.ts';

/** Logs that the database was restored, and emits `other_history`. */
export function reportOtherHistory(
  { log, events }: { log: (line: string) => void; events: Events },
  before: number,
  generation: number,
): void {
  log(
    `the database has another history: generation ${generation}, and ${before} was known; it was restored, or a fail-over lost changes. Everything was read anew`,
  );
  events.emit('other_history', { before, generation });
}
