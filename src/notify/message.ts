import type { Notifier } from '../app/ports/receivers.ts';

/** One notification of the outbox. */
export type Message = Parameters<Notifier['deliver']>[0];

/** The incident that a message opens or ends; null if it is about something else. */
export interface IncidentTurn {
  id: string;
  /** True: settled by the file, or resumed by a person, so nobody has to act any more. */
  over: boolean;
}

const OVER = new Set(['resumed', 'settled']);

export function incidentOf({ key, kind }: Message): IncidentTurn | null {
  const [, id] = /^incident:(\d+):/.exec(key) ?? [];
  return id === undefined ? null : { id, over: OVER.has(kind) };
}

/** Identifies the message's subject at a receiver that several databases report to. */
export function subjectKey(message: Message): string {
  const incident = incidentOf(message);
  const what = incident === null ? message.key : `incident:${incident.id}`;
  return `rollout-controller:${message.environment ?? 'default'}:${what}`;
}

/** Returns facts in reading order, as name and value. */
export function factsOf({ environment, feature, severity, kind }: Message): [string, string][] {
  const facts: [string, string | null][] = [
    ['Environment', environment],
    ['Feature', feature],
    ['Severity', severity],
    ['Kind', kind.replaceAll('_', ' ')],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
}
