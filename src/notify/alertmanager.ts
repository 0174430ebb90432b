import { incidentOf, type Message, subjectKey } from './message.ts';

const HOUR_MS = 3_600_000;
/** An incident stays until it is over; Alertmanager would end what nobody repeats after five minutes. */
const INCIDENT_MS = 30 * 24 * HOUR_MS;

/**
 * Alerts for Alertmanager's `/api/v2/alerts`. An incident is one alert from its beginning to its end, so its labels do
 * not change meanwhile; anything else is an alert of an hour.
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
      // What is over began before it ended: an alert of no length is refused.
      startsAt: new Date(created_at.getTime() - (incident?.over ? 1_000 : 0)).toISOString(),
      endsAt: new Date(created_at.getTime() + lasts).toISOString(),
    },
  ];
}

/** `controller_stale` -> `ControllerStale` */
function pascal(kind: string): string {
  return kind.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
