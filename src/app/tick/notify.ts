import type { Printed } from '../../domain/change/notice.ts';
import type { Delivery } from '../../domain/change/round.ts';
import { errorText } from '../../lib/error-text.ts';
import type { PendingNotification } from '../../store/incidents/outbox.ts';
import type { Store } from '../../store/store.ts';
import type { Receivers } from '../ports/receivers.ts';
import { type Chosen, type Routing, receiversFor, routingOf, WEBHOOK } from './routes.ts';

/** Rows read at once; everything that waits is printed. */
const PAGE = 1_000;
/** Limit of posts to one receiver per tick, because a slow receiver must not make a tick long. */
const MOST_POSTS = 50;
/** Limit of retries among those posts: messages that a receiver always refuses must not keep back new ones. */
const MOST_AGAIN = 25;

/**
 * Delivers the outbox, oldest first, to each receiver at least once: a message whose acknowledgement is lost comes
 * again with the same key. `print` always works; a failed receiver is skipped until the next tick without affecting the
 * others, and one message that it refuses does not hold back the next.
 */
export async function deliverPending(
  store: Store,
  print: (notice: Printed) => void,
  receivers: Receivers,
): Promise<Delivery> {
  const run: Run = { routing: await routingOf(store, receivers), down: new Set(), posts: new Map() };
  const result: Delivery = { delivered: 0, waiting: 0, error: null };
  for await (const message of pendingOf(store)) {
    const { told, id, severity, kind, feature } = message;
    if (!told) {
      print({ severity, kind, feature, message: message.message });
      await store.outbox.markTold(id);
    }
    const sent = await send(run, message);
    if (sent.attempted || sent.left === 0) {
      const why = sent.error ?? (sent.left > 0 ? 'it waits for another receiver' : null);
      await store.outbox.markDelivery(id, why, sent.took);
    }
    result.error ??= sent.error;
    if (sent.left === 0) result.delivered += 1;
    else result.waiting += 1;
  }
  return result;
}

async function* pendingOf(store: Store): AsyncGenerator<PendingNotification> {
  let after = '0';
  for (;;) {
    const page = await store.outbox.pending(PAGE, after);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.id;
  }
}

interface Run {
  routing: Routing;
  /** Receivers that did not answer in this run. */
  down: Set<string>;
  /** Posts by receiver. */
  posts: Map<string, Posts>;
}

interface Posts {
  all: number;
  again: number;
}

interface Sent {
  attempted: boolean;
  took: string[];
  /** Number of receivers that have not got it yet. */
  left: number;
  error: string | null;
}

async function send(run: Run, message: PendingNotification): Promise<Sent> {
  const chosen = receiversFor(run.routing, message);
  const sent: Sent = { attempted: false, took: [], left: chosen.length, error: null };
  for (const { name, notifier } of chosen) {
    if (run.down.has(name) || !mayPost(run, name, message.attempts > 0)) continue;
    sent.attempted = true;
    const failure = await attempt(notifier, run.routing.environment, message);
    if (failure) {
      // Errors name their receiver, because several may fail alike; the webhook has no other name.
      sent.error ??= name === WEBHOOK ? failure.message : `${name}: ${failure.message}`;
      if (!failure.ofMessage) run.down.add(name);
    } else {
      sent.took.push(name);
      sent.left -= 1;
    }
  }
  return sent;
}

/** Counts a post if one more is allowed: each receiver has its own limit. */
function mayPost({ posts }: Run, name: string, again: boolean): boolean {
  const before = posts.get(name) ?? { all: 0, again: 0 };
  if (before.all >= MOST_POSTS || (again && before.again >= MOST_AGAIN)) return false;
  posts.set(name, { all: before.all + 1, again: before.again + (again ? 1 : 0) });
  return true;
}

interface Failure {
  message: string;
  /** True: only this message was refused; others may be accepted. */
  ofMessage: boolean;
}

async function attempt(
  notifier: Chosen['notifier'],
  environment: string | null,
  message: PendingNotification,
): Promise<Failure | null> {
  try {
    await notifier.deliver({ ...message, environment });
    return null;
  } catch (error) {
    return { message: errorText(error), ofMessage: error instanceof Error && isRefusal(error) };
  }
}

/** A 4xx response concerns the message, except one that asks to come later. */
function isRefusal(error: Error): boolean {
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
}
