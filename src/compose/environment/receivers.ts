import type { Notifier, Receiver, Receivers } from '../../app/ports/receivers.ts';
import { ROUTE_FORMATS, type Route } from '../../domain/notify/route.ts';
import { RolloutError } from '../../errors.ts';
import { beat } from '../../notify/heartbeat.ts';
import { PAGERDUTY_URL } from '../../notify/pagerduty.ts';
import { templateOf } from '../../notify/template.ts';
import { type Format, webhookNotifier } from '../../notify/webhook.ts';
import type { Environment } from './settings.ts';

const TEMPLATE = 'ROLLOUT_WEBHOOK_TEMPLATE';

/**
 * Returns the webhook of `ROLLOUT_WEBHOOK_URL`, in the format of `ROLLOUT_WEBHOOK_FORMAT`; null if no URL is set. URL
 * and key are secrets, so they are never in a file. Throws `usage` for unusable settings.
 */
export function webhookOf(environment: Environment): Notifier | null {
  const url = urlOf(environment, 'ROLLOUT_WEBHOOK_URL');
  return url === null ? null : webhookNotifier(url, formatOf(environment));
}

/**
 * Returns the receivers of notifications. A wrong setting is handled like an unreachable receiver: it must not keep a
 * tick from its work.
 */
export function receiversOf(
  environment: Environment,
  webhook: Notifier | null = webhookForTick(environment),
): Receivers {
  return { webhook, of: (route) => receiverIn(environment, route) };
}

function webhookForTick(environment: Environment): Notifier | null {
  return orDown(() => webhookOf(environment));
}

function orDown<T extends Notifier | null>(make: () => T): T | Notifier {
  try {
    return make();
  } catch (error) {
    return { deliver: () => Promise.reject(error) };
  }
}

function receiverIn(environment: Environment, { to, url_from, token_from, template }: Route): Receiver {
  for (const variable of [url_from, token_from]) {
    if (variable !== null && !environment[variable]?.trim()) return { ok: false, variable, problem: 'unset' };
  }
  const url = url_from === null ? PAGERDUTY_URL : (environment[url_from]?.trim() ?? '');
  if (url_from !== null && !isWebAddress(url)) return { ok: false, variable: url_from, problem: 'not_url' };
  const token = token_from === null ? null : (environment[token_from]?.trim() ?? '');
  const notifier = orDown(() => {
    if (to === 'pagerduty') return webhookNotifier(url, { kind: to, routingKey: token ?? '' });
    if (to !== 'template') return webhookNotifier(url, { kind: to }, token);
    const made = templateOf(template ?? '', 'a template of notify');
    return webhookNotifier(url, { kind: to, template: made }, token);
  });
  return { ok: true, same: JSON.stringify([url, token]), notifier };
}

/**
 * Returns a function that calls `ROLLOUT_HEARTBEAT_URL`; null if none is set. The function throws if the value is not a
 * URL.
 */
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
  if (isWebAddress(url)) return url;
  throw new RolloutError('usage', `${name} is not a URL`, { hint: 'it begins with https://' });
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
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
      return { kind, template: templateOf(required(environment, TEMPLATE, 'the JSON'), TEMPLATE) };
    default:
      throw new RolloutError('usage', `ROLLOUT_WEBHOOK_FORMAT is ${JSON.stringify(kind)}`, {
        hint: `use one of ${ROUTE_FORMATS.join(', ')}`,
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
