import { type Route, receiverOf, routedSeverity, takes } from '../../domain/notify/route.ts';
import type { PendingNotification } from '../../store/incidents/outbox.ts';
import type { Store } from '../../store/store.ts';
import type { Notifier, Receiver, Receivers } from '../ports/receivers.ts';
import type { Words } from '../ports/words.ts';

/** What no route takes goes here; no variable of a route can have this name. */
export const WEBHOOK = 'ROLLOUT_WEBHOOK_URL';

/** The routes in force, each with its receiver, and what messages are routed by. */
export interface Routing {
  environment: string | null;
  now: Date;
  routes: readonly { route: Route; receiver: Receiver }[];
  /** Of a feature; null: it has none, or the routes do not ask. */
  owner: (feature: string | null) => string | null;
  webhook: Notifier | null;
}

/** A receiver of one message. */
export interface Chosen {
  /** The names of its variables, by which the outbox knows who took a message. */
  name: string;
  notifier: Notifier;
}

export async function routingOf(store: Store, receivers: Receivers): Promise<Routing> {
  return store.reading(async (read) => {
    const { environment, notify, now } = await read.state();
    const routes = (notify ?? []).map((route) => ({ route, receiver: receivers.of(route) }));
    const features = routes.some(({ route }) => route.owners) ? await read.features.actual() : null;
    const owner = (feature: string | null) =>
      feature === null ? null : (features?.get(feature)?.spec?.owner ?? null);
    return { environment, now, routes, owner, webhook: receivers.webhook };
  });
}

/**
 * Who still has to get a message, each receiver once, however many routes and variables lead to it. Where no route takes
 * it, or none that does has a receiver, it is the webhook.
 */
export function receiversFor(
  { routes, owner, webhook }: Routing,
  {
    severity,
    feature,
    details,
    delivered_to,
  }: Pick<PendingNotification, 'severity' | 'feature' | 'details' | 'delivered_to'>,
): Chosen[] {
  const routed = { severity: routedSeverity(severity, details), feature, owner: owner(feature) };
  const found = new Map<string, Chosen & { took: boolean }>();
  for (const { route, receiver } of routes) {
    if (!receiver.ok || !takes(route, routed)) continue;
    const name = receiverOf(route);
    const took = delivered_to.includes(name) || (found.get(receiver.same)?.took ?? false);
    found.set(receiver.same, { name, notifier: receiver.notifier, took });
  }
  if (found.size > 0) return [...found.values()].filter(({ took }) => !took);
  return webhook && !delivered_to.includes(WEBHOOK) ? [{ name: WEBHOOK, notifier: webhook }] : [];
}

/**
 * Puts what only routes ask for into the outbox: changes of percentages that one of them takes, and receivers that the
 * environment does not have, each once since it last took something.
 */
export async function tellRoutes(
  store: Store,
  receivers: Receivers,
  words: Pick<Words, 'notice'>,
): Promise<void> {
  const routing = await routingOf(store, receivers);
  for (const { route, receiver } of routing.routes) {
    if (receiver.ok) continue;
    const { variable, problem } = receiver;
    const since = await store.outbox.lastTakenBy(receiverOf(route));
    await store.outbox.enqueue({
      key: `receiver_missing:${variable}:${problem}:${since}`,
      feature: null,
      severity: 'warning',
      kind: 'receiver_missing',
      message: words.notice({ kind: 'receiver_missing', feature: null, variable, problem }),
      details: { variable, problem },
    });
  }
  await tellPercentages(store, routing, words);
}

async function tellPercentages(
  store: Store,
  { routes, owner }: Routing,
  words: Pick<Words, 'notice'>,
): Promise<void> {
  const changes = await store.outbox.percentagesSince();
  for (const { id, ...change } of changes) {
    const { feature, from, to } = change;
    const routed = { severity: 'info', feature, owner: owner(feature) } as const;
    if (!routes.some(({ route }) => takes(route, routed))) continue;
    await store.outbox.enqueue({
      key: `percentage:${id}`,
      ...{ feature, severity: 'info', kind: 'percentage_changed' },
      message: words.notice({ kind: 'percentage_changed', ...change }),
      details: { from, to },
    });
  }
  const last = changes.at(-1);
  if (last) await store.outbox.notePercentages(last.id);
}
