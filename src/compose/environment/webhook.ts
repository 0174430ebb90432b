import type { Notifier } from '../../app/ports.ts';
import { RolloutError } from '../../errors.ts';
import { webhookNotifier } from '../../notify/webhook.ts';
import type { Environment } from './settings.ts';

/** The webhook of `ROLLOUT_WEBHOOK_URL`; null where none is set. The URL is a secret, so it is never in a file. */
export function webhookOf(environment: Environment): Notifier | null {
  const url = environment.ROLLOUT_WEBHOOK_URL?.trim();
  if (!url) return null;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return webhookNotifier(url);
  throw new RolloutError('usage', 'ROLLOUT_WEBHOOK_URL is not a URL', { hint: 'it begins with https://' });
}

/** A URL that is none is like a webhook that is down: it must not keep anything from being rolled back. */
export function webhookForTick(environment: Environment): Notifier | null {
  try {
    return webhookOf(environment);
  } catch (error) {
    return { deliver: () => Promise.reject(error) };
  }
}
