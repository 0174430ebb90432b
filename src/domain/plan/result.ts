import type { Quarantined } from '../quarantine/quarantine.ts';
import type { Problem } from '../spec/problem.ts';
import type { Freeze } from '../spec/spec.ts';
import type { Movement, PlannedChange } from './impact.ts';

/** Common fields of the results of plan and reconcile. */
interface Planned {
  changes: PlannedChange[];
  problems: Problem[];
  /** Commit of the file, or for a proposed file the checked-out commit; null outside a repository. */
  revision: string | null;
  test_repositories: { added: string[]; removed: string[] };
  /** Days without raises that the file adds and removes. */
  freezes: { added: Freeze[]; removed: Freeze[] };
  /** Subjects that enter and leave features whose own change was not counted, because `test_repositories` changes. */
  movements: Movement[];
  /**
   * Reason of the global stop, which leaves every feature without subjects, whatever was counted. Null: no global stop.
   */
  global_stop: string | null;
}

/** Result of planning a file. */
export interface PlanResult extends Planned {
  /** Environment of the file; null: the file cannot be read. */
  environment: string | null;
  /** Generation of the database that the plan was computed from; null without a database. */
  generation: number | null;
  heartbeat: Date | null;
  /** Time of the database's clock; null without a database. */
  now: Date | null;
  /** Subjects that stay out whatever the file says; left out if there are none, or without a database. */
  quarantined?: Quarantined[];
  /** Why reconcile would not apply this file at all; null: it would apply it. */
  refused: { message: string; hint: string | null } | null;
}

/** Result of a reconcile. */
export interface ReconcileResult extends Planned {
  /** Features whose rows already matched the file and now have it as their baseline. */
  adopted: string[];
}
