import type { ReceiverProblem, Route, Severity } from './route.ts';

/** One route in force, for people. */
export interface ShownRoute extends Route {
  /** The names of its variables, joined by `+`. */
  receiver: string;
  /** Why its receiver gets nothing; null: it can be reached by what the environment says. */
  problem: { variable: string; code: ReceiverProblem } | null;
  /** Does it take the message that was asked about? */
  takes: boolean;
}

/** Where a message of a feature, or of the controller, goes. */
export interface ShownRouting {
  /** Null: a message about the controller. */
  feature: string | null;
  owner: string | null;
  severity: Severity;
  routes: ShownRoute[];
  /** Who gets it, each once; empty: it is printed by the tick, and that is all. */
  receivers: string[];
  /** Result of the test message at each receiver; null: none was sent. */
  sent: { receiver: string; error: string | null }[] | null;
}
