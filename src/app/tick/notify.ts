import type { Printed } from '../../domain/change/notice.ts';
import type { Delivery } from '../../domain/change/round.ts';
import { errorText } from '../../lib/error-text.ts';
import type { Store } from '../../store/store.ts';
import type { Notifier } from '../ports.ts';

/** Everything that waits is printed; this bounds only what one tick reads. */
const MOST_READ = 1_000;
/** More wait for the next tick: a webhook that is slow must not make one long. */
const MOST_AT_ONCE = 50;

/**
 * Delivers what is in the outbox, oldest first, at least once: a message whose acknowledgement is lost comes
 * again with the same key. `print` always works; a webhook that is down is left alone until the next tick, and
 * one message that it refuses does not keep the others back.
 */
export async function deliverPending(
  store: Store,
  print: (notice: Printed) => void,
  webhook: Notifier | null,
): Promise<Delivery> {
  const pending = await store.outbox.pending(MOST_READ);
  for (const { told, id, severity, kind, feature, message } of pending) {
    if (told) continue;
    print({ severity, kind, feature, message });
    await store.outbox.markTold(id);
  }
  const environment = webhook && (await store.reading((read) => read.state())).environment;
  const result: Delivery = { delivered: 0, waiting: pending.length, error: null };
  for (const message of webhook ? pending.slice(0, MOST_AT_ONCE) : pending) {
    const failure = webhook ? await attempt(() => webhook.deliver({ ...message, environment })) : null;
    await store.outbox.markDelivery(message.id, failure?.message ?? null);
    if (failure) result.error ??= failure.message;
    else {
      result.delivered += 1;
      result.waiting -= 1;
    }
    if (failure && !failure.ofMessage) break;
  }
  return result;
}

interface Failure {
  message: string;
  /** It was this message that was not taken; others may be. */
  ofMessage: boolean;
}

async function attempt(deliver: () => Promise<void>): Promise<Failure | null> {
  try {
    await deliver();
    return null;
  } catch (error) {
    const message = errorText(error);
    return { message, ofMessage: error instanceof Error && isRefusal(error) };
  }
}

/** An answer of 4xx is about what was sent, but for "come later". */
function isRefusal(error: Error): boolean {
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
}
