import type { ReceiverProblem, Route } from '../../domain/notify/route.ts';

/** Delivers notifications of transitions. */
export interface Notifier {
  /** Delivers one message. Throws if it did not arrive, with the response's `status` if there was a response. */
  deliver(message: {
    key: string;
    /** Environment of the database; null if it has none. */
    environment: string | null;
    feature: string | null;
    severity: string;
    kind: string;
    message: string;
    details?: object;
    created_at: Date;
  }): Promise<void>;
}

/** The receiver of a route in this environment, or the variable that lacks a usable value. */
export type Receiver =
  /**
   * `same` is equal if two routes lead to the same receiver, whatever their variables. A secret: never in any output.
   */
  { ok: true; same: string; notifier: Notifier } | { ok: false; variable: string; problem: ReceiverProblem };

/** Receivers of notifications, from the controller's environment. */
export interface Receivers {
  /** Receives messages without a matching route; null: no webhook is configured. */
  webhook: Notifier | null;
  of(route: Route): Receiver;
}
