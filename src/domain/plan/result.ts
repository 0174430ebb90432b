import type { Quarantined } from '../quarantine/quarantine.ts';
import type { Problem } from '../spec/problem.ts';
import type { Freeze } from '../spec/spec.ts';
import type { Movement, PlannedChange } from './impact.ts';

/** What plan and reconcile have in common. */
interface Planned {
  changes: PlannedChange[];
  problems: Problem[];
  /** Commit the file was read from or, for a proposed one, that is checked out; null outside a repository. */
  revision: string | null;
  test_repositories: { added: string[]; removed: string[] };
  /** Days without raises that the file adds to those in force, and those that it no longer has. */
  freezes: { added: Freeze[]; removed: Freeze[] };
  /** Who enters and leaves features without a counted change of their own, because `test_repositories` changes. */
  movements: Movement[];
  /** Why every feature is stopped: then nobody is in, whoever is counted. Null: not all are. */
  global_stop: string | null;
}

/** Result of planning a file. */
export interface PlanResult extends Planned {
  /** Of the file; null: it cannot be read. */
  environment: string | null;
  /** The database's generation that the plan was computed from; null without a database. */
  generation: number | null;
  heartbeat: Date | null;
  /** The database's clock; null without a database. */
  now: Date | null;
  /** Subjects that stay out whatever the file says; left out: nobody, or without a database. */
  quarantined?: Quarantined[];
  /** Why reconcile would not apply this file at all; null: it would. */
  refused: { message: string; hint: string | null } | null;
}

/** Result of a reconcile. */
export interface ReconcileResult extends Planned {
  /** Rows that already said what the file says and now have it as their baseline. */
  adopted: string[];
}
