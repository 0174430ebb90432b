import type { ActionEntry } from './session.ts';

/** One command of the action. */
interface Entry {
  /** Changes the database or the file: refused on every ref but the default branch. */
  writes: boolean;
  load: () => Promise<{ run: ActionEntry }>;
}

/** A command's file is loaded only when it is called: a stop must not wait for what only a plan needs. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  plan: { writes: false, load: () => import('./plan.ts') },
  reconcile: { writes: true, load: () => import('./reconcile.ts') },
  tick: { writes: true, load: () => import('./tick.ts') },
  stop: { writes: true, load: () => import('./stop.ts') },
  resume: { writes: true, load: () => import('./resume.ts') },
  set: { writes: true, load: () => import('./set.ts') },
  advance: { writes: true, load: () => import('./advance.ts') },
  rollback: { writes: true, load: () => import('./rollback.ts') },
  report: { writes: false, load: () => import('./report.ts') },
};
