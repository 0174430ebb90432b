import type { Store } from '../store/store.ts';
import type { Notifier } from './ports.ts';

/** More wait for the next tick: a webhook that is down must not make one long. */
const MOST_AT_ONCE = 50;

export interface Delivery {
  delivered: number;
  /** Still in the outbox. */
  waiting: number;
  /** Why the webhook did not take one. */
  error: string | null;
}

/**
 * Delivers what is in the outbox, oldest first, at least once: a message whose acknowledgement is lost comes
 * again with the same key. `print` always works; a webhook that fails once is left alone until the next tick.
 */
export async function deliverPending(
  store: Store,
  print: (line: string) => void,
  webhook: Notifier | null,
): Promise<Delivery> {
  const pending = await store.pendingNotifications(MOST_AT_ONCE);
  const result: Delivery = { delivered: 0, waiting: 0, error: null };
  for (const message of pending) {
    if (!message.told) {
      print(`${message.severity}: ${message.message}`);
      await store.markTold(message.id);
    }
    if (result.error !== null) {
      result.waiting += 1;
      continue;
    }
    const error = webhook ? await attempt(() => webhook.deliver(message)) : null;
    await store.markDelivery(message.id, error);
    if (error === null) result.delivered += 1;
    else {
      result.error = error;
      result.waiting += 1;
    }
  }
  return result;
}

async function attempt(deliver: () => Promise<void>): Promise<string | null> {
  try {
    await deliver();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
