import type { ActionEntry } from '../runner/session.ts';

/** One command of the action. */
export interface Entry {
  /** Changes the database or the file: refused on every ref but the default branch. */
  writes: boolean;
  /** How its database is opened before the rest is loaded; left out: it opens it itself. */
  opens?: 'checked' | 'connected';
  load: () => Promise<{ run: ActionEntry }>;
}

/** A command's file is loaded only when it is called: a stop must not wait for what only a plan needs. */
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
