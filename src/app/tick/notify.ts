import type { Printed } from '../../domain/change/notice.ts';
import type { Delivery } from '../../domain/change/round.ts';
import { errorText } from '../../lib/error-text.ts';
import type { PendingNotification } from '../../store/incidents/outbox.ts';
import type { Store } from '../../store/store.ts';
import type { Receivers } from '../ports/receivers.ts';
import { type Chosen, type Routing, receiversFor, routingOf, WEBHOOK } from './routes.ts';

/** Everything that waits is printed; this bounds only what is read at once. */
const PAGE = 1_000;
/** To one receiver; more wait for the next tick: a receiver that is slow must not make one long. */
const MOST_POSTS = 50;
/** Of those, posts of what was tried before: many messages that a receiver always refuses must not keep back new ones. */
const MOST_AGAIN = 25;

/**
 * Delivers what is in the outbox, oldest first, to each receiver at least once: a message whose acknowledgement is lost
 * comes again with the same key. `print` always works; a receiver that is down is left alone until the next tick and
 * keeps nothing from the others, and one message that it refuses does not keep back the next.
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
  /** To each receiver. */
  posts: Map<string, Posts>;
}

interface Posts {
  all: number;
  again: number;
}

interface Sent {
  attempted: boolean;
  took: string[];
  /** Receivers that still have to get it. */
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
      // Several receivers answer alike, so that it says which; the webhook has no other name.
      sent.error ??= name === WEBHOOK ? failure.message : `${name}: ${failure.message}`;
      if (!failure.ofMessage) run.down.add(name);
    } else {
      sent.took.push(name);
      sent.left -= 1;
    }
  }
  return sent;
}

/** Counts the post where there may be one more: each receiver has its own number, so that none uses up another's. */
function mayPost({ posts }: Run, name: string, again: boolean): boolean {
  const before = posts.get(name) ?? { all: 0, again: 0 };
  if (before.all >= MOST_POSTS || (again && before.again >= MOST_AGAIN)) return false;
  posts.set(name, { all: before.all + 1, again: before.again + (again ? 1 : 0) });
  return true;
}

interface Failure {
  message: string;
  /** It was this message that was not taken; others may be. */
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

/** An answer of 4xx is about what was sent, but for "come later". */
function isRefusal(error: Error): boolean {
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
}
