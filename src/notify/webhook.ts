import type { Notifier } from '../app/ports/receivers.ts';
import { alertmanagerBody } from './alertmanager.ts';
import type { Message } from './message.ts';
import { pagerDutyBody } from './pagerduty.ts';
import { post } from './post.ts';
import { slackBody, slackText } from './slack.ts';
import { teamsBody } from './teams.ts';
import type { Template } from './template.ts';

/** Format of a webhook's receiver, with its settings besides the URL. */
export type Format =
  | { kind: 'json' | 'slack' | 'teams' | 'alertmanager' }
  | { kind: 'pagerduty'; routingKey: string }
  | { kind: 'template'; template: Template };

/** Posts messages to a URL in the receiver's format, with a bearer token if there is one. */
export function webhookNotifier(
  url: string,
  format: Format = { kind: 'json' },
  token: string | null = null,
): Notifier {
  return {
    deliver: async (message) => {
      const body = bodyOf(message, format);
      if (body !== null) await post(url, message, body, token);
    },
  };
}

/** Returns the body of one message; null if it does not concern this receiver. */
export function bodyOf(message: Message, format: Format): unknown {
  switch (format.kind) {
    case 'json':
      return jsonBody(message);
    case 'slack':
      return slackBody(message);
    case 'teams':
      return teamsBody(message);
    case 'alertmanager':
      return alertmanagerBody(message);
    case 'pagerduty':
      return pagerDutyBody(message, format.routingKey);
    case 'template':
      return format.template(message);
  }
}

/** Builds JSON with every field for programs, and `text` for chat services that know Slack's format. */
function jsonBody(message: Message): object {
  const { key, environment, feature, severity, kind, details, created_at } = message;
  return {
    text: slackText(message),
    key,
    environment,
    feature,
    severity,
    kind,
    message: message.message,
    details: details ?? {},
    created_at: created_at.toISOString(),
  };
}
