import type { TestDatabase } from '../helpers/database/database.ts';
import { sessionsGone, start } from '../helpers/processes/tick-process.ts';

/** Runs a command in a process of its own and kills it after so many milliseconds; says how it ended. */
export async function killedAfter(
  db: TestDatabase,
  dir: string,
  args: readonly string[],
  milliseconds: number,
): Promise<string> {
  const running = await start(args, { dir, database: db.connectionString });
  const timer = setTimeout(() => running.child.kill('SIGKILL'), milliseconds);
  const ended = await running.ended;
  clearTimeout(timer);
  await sessionsGone(db);
  return String(ended);
}
