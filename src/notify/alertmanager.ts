import { incidentOf, type Message, subjectKey } from './message.ts';

const HOUR_MS = 3_600_000;
/** Lifetime of an incident's alert: Alertmanager would end it after five minutes without a repetition. */
const INCIDENT_MS = 30 * 24 * HOUR_MS;

/**
 * Builds alerts for Alertmanager's `/api/v2/alerts`. An incident is one alert from its beginning to its end, so its
 * labels stay constant; any other message is an alert of one hour.
 */
export function alertmanagerBody(message: Message): object {
  const { created_at, environment, feature, kind, severity } = message;
  const incident = incidentOf(message);
  const labels = {
    alertname: incident === null ? `Rollout${pascal(kind)}` : 'RolloutIncident',
    environment: environment ?? 'default',
    ...(feature === null ? {} : { feature }),
    ...(incident === null ? { severity } : { incident: incident.id, severity: 'critical' }),
  };
  const lasts = incident === null ? HOUR_MS : incident.over ? 0 : INCIDENT_MS;
  return [
    {
      labels,
      annotations: { summary: message.message, kind, subject: subjectKey(message) },
      // The start is put before the end, because an alert of no length is refused.
      startsAt: new Date(created_at.getTime() - (incident?.over ? 1_000 : 0)).toISOString(),
      endsAt: new Date(created_at.getTime() + lasts).toISOString(),
    },
  ];
}

/** Converts `controller_stale` to `ControllerStale`. */
function pascal(kind: string): string {
  return kind.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
