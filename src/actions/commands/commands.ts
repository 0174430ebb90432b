import type { ActionEntry } from '../runner/session.ts';

/** One command of the action. */
export interface Entry {
  /** True: changes the database or the file, and is refused on every ref except the default branch. */
  writes: boolean;
  /** How its database is opened before other code is loaded; left out: the command opens it. */
  opens?: 'checked' | 'connected';
  load: () => Promise<{ run: ActionEntry }>;
}

/** Files of commands are loaded on demand: a stop must not wait for code that only a plan needs. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  plan: { writes: false, opens: 'checked', load: () => import('./plan.ts') },
  reconcile: { writes: true, opens: 'checked', load: () => import('./reconcile.ts') },
  tick: { writes: true, opens: 'checked', load: () => import('./tick.ts') },
  stop: { writes: true, load: () => import('./stop.ts') },
  resume: { writes: true, opens: 'checked', load: () => import('./resume.ts') },
  allow: { writes: true, opens: 'checked', load: () => import('./allow.ts') },
  set: { writes: true, opens: 'checked', load: () => import('./set.ts') },
  advance: { writes: true, opens: 'checked', load: () => import('./advance.ts') },
  rollback: { writes: true, opens: 'connected', load: () => import('./rollback.ts') },
  report: { writes: false, opens: 'checked', load: () => import('./report.ts') },
};
