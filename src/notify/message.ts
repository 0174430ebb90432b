import type { Notifier } from '../app/ports/receivers.ts';

/** One notification, as the outbox hands it over. */
export type Message = Parameters<Notifier['deliver']>[0];

/** The incident that a message opens or ends; null where it is about something else. */
export interface IncidentTurn {
  id: string;
  /** Settled by the file, or resumed by a person: nobody has to act any more. */
  over: boolean;
}

const OVER = new Set(['resumed', 'settled']);

export function incidentOf({ key, kind }: Message): IncidentTurn | null {
  const [, id] = /^incident:(\d+):/.exec(key) ?? [];
  return id === undefined ? null : { id, over: OVER.has(kind) };
}

/** What tells this message's subject apart at a receiver that several databases report to. */
export function subjectKey(message: Message): string {
  const incident = incidentOf(message);
  const what = incident === null ? message.key : `incident:${incident.id}`;
  return `rollout-controller:${message.environment ?? 'default'}:${what}`;
}

/** Facts in the order in which people read them, as name and value. */
export function factsOf({ environment, feature, severity, kind }: Message): [string, string][] {
  const facts: [string, string | null][] = [
    ['Environment', environment],
    ['Feature', feature],
    ['Severity', severity],
    ['Kind', kind.replaceAll('_', ' ')],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
}
