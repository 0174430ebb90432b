import { cutTo } from '../lib/text.ts';
import { incidentOf, type Message, subjectKey } from './message.ts';

/** Address of PagerDuty's events API. */
export const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';

/** Longest summary that PagerDuty accepts. */
const LONGEST_SUMMARY = 1_024;
const LONGEST_KEY = 255;

/**
 * Builds an event for PagerDuty's Events API v2; null if no action is needed. An incident is one alert, which ends when
 * the incident is over; mere information alerts nobody.
 */
export function pagerDutyBody(message: Message, routingKey: string): object | null {
  const dedup_key = subjectKey(message).slice(0, LONGEST_KEY);
  const incident = incidentOf(message);
  if (incident?.over) return { routing_key: routingKey, event_action: 'resolve', dedup_key };
  if (message.severity === 'info' && incident === null) return null;
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key,
    payload: {
      summary: cutTo(message.message, LONGEST_SUMMARY, '...'),
      source: `rollout-controller/${message.environment ?? 'default'}`,
      severity: message.severity === 'info' ? 'warning' : message.severity,
      timestamp: message.created_at.toISOString(),
      component: message.feature ?? 'controller',
      class: message.kind,
      custom_details: message.details ?? {},
    },
  };
}
