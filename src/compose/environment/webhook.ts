import type { Notifier } from '../../app/ports.ts';
import { RolloutError } from '../../errors.ts';
import { beat } from '../../notify/heartbeat.ts';
import { templateOf } from '../../notify/template.ts';
import { type Format, webhookNotifier } from '../../notify/webhook.ts';
import type { Environment } from './settings.ts';

const KINDS = ['json', 'slack', 'teams', 'pagerduty', 'alertmanager', 'template'] as const;

/**
 * The webhook of `ROLLOUT_WEBHOOK_URL`, in the format of `ROLLOUT_WEBHOOK_FORMAT`; null where no URL is set. URL and
 * key are secrets, so they are never in a file. Throws `usage` for settings that no message could be sent by.
 */
export function webhookOf(environment: Environment): Notifier | null {
  const url = urlOf(environment, 'ROLLOUT_WEBHOOK_URL');
  return url === null ? null : webhookNotifier(url, formatOf(environment));
}

/** A URL that is none is like a webhook that is down: it must not keep anything from being rolled back. */
export function webhookForTick(environment: Environment): Notifier | null {
  try {
    return webhookOf(environment);
  } catch (error) {
    return { deliver: () => Promise.reject(error) };
  }
}

/** Calls `ROLLOUT_HEARTBEAT_URL`; null where none is set. Throws, when it is called, where that is not a URL. */
export function heartbeatOf(environment: Environment): (() => Promise<void>) | null {
  if (!environment.ROLLOUT_HEARTBEAT_URL?.trim()) return null;
  return async () => {
    const url = urlOf(environment, 'ROLLOUT_HEARTBEAT_URL');
    if (url !== null) await beat(url);
  };
}

function urlOf(environment: Environment, name: string): string | null {
  const url = environment[name]?.trim();
  if (!url) return null;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new RolloutError('usage', `${name} is not a URL`, { hint: 'it begins with https://' });
}

function formatOf(environment: Environment): Format {
  const kind = environment.ROLLOUT_WEBHOOK_FORMAT?.trim() || 'json';
  switch (kind) {
    case 'json':
    case 'slack':
    case 'teams':
    case 'alertmanager':
      return { kind };
    case 'pagerduty':
      return { kind, routingKey: required(environment, 'ROLLOUT_WEBHOOK_KEY', 'the routing key') };
    case 'template':
      return { kind, template: templateOf(required(environment, 'ROLLOUT_WEBHOOK_TEMPLATE', 'the JSON')) };
    default:
      throw new RolloutError('usage', `ROLLOUT_WEBHOOK_FORMAT is ${JSON.stringify(kind)}`, {
        hint: `use one of ${KINDS.join(', ')}`,
      });
  }
}

function required(environment: Environment, name: string, what: string): string {
  const value = environment[name]?.trim();
  if (value) return value;
  throw new RolloutError('usage', `${name} is not set, which ROLLOUT_WEBHOOK_FORMAT needs`, {
    hint: `set ${name} to ${what} of the receiver`,
  });
}
