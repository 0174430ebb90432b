import type { ReceiverProblem, Route } from '../../domain/notify/route.ts';

/** Where people are told of transitions. */
export interface Notifier {
  /** Delivers one message. Throws where it did not arrive, with the `status` of the answer where there was one. */
  deliver(message: {
    key: string;
    /** Of the database; null where it names none. */
    environment: string | null;
    feature: string | null;
    severity: string;
    kind: string;
    message: string;
    details?: object;
    created_at: Date;
  }): Promise<void>;
}

/** Where a route leads in this environment, or the variable that does not say it. */
export type Receiver =
  /** `same` is equal where two routes lead to the same receiver, whatever their variables. A secret: never in any output. */
  { ok: true; same: string; notifier: Notifier } | { ok: false; variable: string; problem: ReceiverProblem };

/** Where people are told, as the environment of the controller has it. */
export interface Receivers {
  /** Gets what no route takes; null: nobody does. */
  webhook: Notifier | null;
  of(route: Route): Receiver;
}
