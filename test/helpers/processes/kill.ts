import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Project } from '../projects/project.ts';
import { atEnd } from '../run/at-end.ts';
import { compiledCli } from './compiled.ts';

const VICTIM = 'killed_reconcile';

/** When a process dies: so long after its start, or after this many features are committed and a moment more. */
export type Moment = { afterStart: number } | { afterFeatures: number; andThen: number };

/**
 * Runs `rollout reconcile` in a process of its own and kills it at a moment, as the out-of-memory killer would.
 * Returns when it is gone and the server has ended its session; false: it had ended by itself before.
 */
export async function killedReconcile({ dir, db }: Project, moment: Moment): Promise<boolean> {
  const main = compiledCli();
  const listener = await db.client();
  await listener.query('listen rollout_changed');
  const url = new URL(db.connectionString);
  url.searchParams.set('application_name', VICTIM);
  const child = spawn(process.execPath, [main, 'reconcile'], {
    cwd: dir,
    stdio: 'ignore',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: url.href },
  });
  atEnd(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  if ('afterStart' in moment) setTimeout(kill, moment.afterStart);
  else {
    let features = 0;
    listener.on('notification', () => {
      if (++features === moment.afterFeatures) setTimeout(kill, moment.andThen);
    });
  }
  const [, signal] = await ended;
  await listener.end();
  await sessionsGone(db);
  return signal === 'SIGKILL';
}

/** A session whose client is gone may still commit what it was told; then the server ends it. */
async function sessionsGone(db: Project['db']): Promise<void> {
  const query = `select from pg_stat_activity where datname = $1 and application_name = '${VICTIM}'`;
  while ((await db.rows(query, [db.name])).length > 0) await new Promise((resolve) => setTimeout(resolve, 2));
}
