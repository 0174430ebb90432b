import { type Route, receiverOf, routedSeverity, takes } from '../../domain/notify/route.ts';
import type { PendingNotification } from '../../store/incidents/outbox.ts';
import type { Store } from '../../store/store.ts';
import type { Notifier, Receiver, Receivers } from '../ports/receivers.ts';
import type { Words } from '../ports/words.ts';

/** Name of the receiver for messages that no route takes; no route's variable can have it. */
export const WEBHOOK = 'ROLLOUT_WEBHOOK_URL';

/** The active routes, each with its receiver, and the facts that select routes. */
export interface Routing {
  environment: string | null;
  now: Date;
  routes: readonly { route: Route; receiver: Receiver }[];
  /** Returns the owner of a feature; null: it has none, or no route asks for owners. */
  owner: (feature: string | null) => string | null;
  webhook: Notifier | null;
}

/** A selected receiver of one message. */
export interface Chosen {
  /** The names of its variables, by which the outbox records who took a message. */
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
 * Returns the receivers that still need a message, each once, however many routes and variables lead to it. If no route
 * takes it, or none of them has a receiver, it goes to the webhook.
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
 * Adds messages to the outbox that only routes request: changes of percentages that one of them takes, and receivers
 * that the environment lacks, each once since it last took something.
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
