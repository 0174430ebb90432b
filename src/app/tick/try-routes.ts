import { receiverOf, type Severity, takes } from '../../domain/notify/route.ts';
import type { ShownRoute, ShownRouting } from '../../domain/notify/routing.ts';
import { errorText } from '../../lib/error-text.ts';
import type { Store } from '../../store/store.ts';
import type { Receivers } from '../ports/receivers.ts';
import type { Words } from '../ports/words.ts';
import { requireFeature } from '../registry/known-feature.ts';
import { type Chosen, type Routing, receiversFor, routingOf } from './routes.ts';

export interface RouteQuestion {
  /** Feature of the message; null: a message about the controller. */
  feature: string | null;
  severity: Severity;
  /** True: sends a test message to each receiver. */
  send: boolean;
  /** Unique id of the test message, for receivers that deduplicate by key. */
  id: string;
}

/** Returns the receivers of a message, by the last reconciled routes and this environment. Throws `unknown_feature`. */
export async function tryRoutes(
  { store, receivers, words }: { store: Store; receivers: Receivers; words: Pick<Words, 'notice'> },
  { feature, severity, send, id }: RouteQuestion,
): Promise<ShownRouting> {
  if (feature !== null) await store.reading((read) => requireFeature(read, feature));
  const routing = await routingOf(store, receivers);
  const message = {
    ...{ key: `test:${id}`, feature, severity, kind: 'test', created_at: routing.now },
    message: words.notice({ kind: 'test', feature }),
    details: {},
  };
  const chosen = receiversFor(routing, { ...message, delivered_to: [] });
  const owner = routing.owner(feature);
  const sent = [];
  if (send) {
    const { environment } = routing;
    for (const { name, notifier } of chosen) {
      sent.push({ receiver: name, error: await errorOf(notifier.deliver({ ...message, environment })) });
    }
  }
  return {
    ...{ feature, owner, severity },
    routes: routing.routes.map((one) => shown(one, { feature, owner, severity })),
    receivers: chosen.map(({ name }) => name),
    sent: send ? sent : null,
  };
}

function shown(
  { route, receiver }: Routing['routes'][number],
  message: Parameters<typeof takes>[1],
): ShownRoute {
  const problem = receiver.ok ? null : { variable: receiver.variable, code: receiver.problem };
  return { ...route, receiver: receiverOf(route), problem, takes: takes(route, message) };
}

async function errorOf(delivery: ReturnType<Chosen['notifier']['deliver']>): Promise<string | null> {
  return delivery.then(
    () => null,
    (error) => errorText(error),
  );
}
