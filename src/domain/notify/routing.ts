import type { ReceiverProblem, Route, Severity } from './route.ts';

/** One active route, for people. */
export interface ShownRoute extends Route {
  /** The names of its variables, joined by `+`. */
  receiver: string;
  /** Why its receiver gets nothing; null: the environment has what it needs. */
  problem: { variable: string; code: ReceiverProblem } | null;
  /** Does it match the message in question? */
  takes: boolean;
}

/** The receivers of messages about a feature, or about the controller. */
export interface ShownRouting {
  /** Feature of the message; null: a message about the controller. */
  feature: string | null;
  owner: string | null;
  severity: Severity;
  routes: ShownRoute[];
  /** Matching receivers, each once; empty: the tick only prints the message. */
  receivers: string[];
  /** Result of the test message at each receiver; null: none was sent. */
  sent: { receiver: string; error: string | null }[] | null;
}
