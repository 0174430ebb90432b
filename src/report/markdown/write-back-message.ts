import type { WrittenIncident } from '../../domain/spec/incident.ts';
import { oneLine } from '../../lib/text.ts';
import { escapeMarkdown } from './escape-markdown.ts';

/** Text of the commit or pull request that writes incidents back, with their evidence. */
export interface Message {
  title: string;
  body: string;
  /** Body as markdown. */
  proposal: string;
}

export function writeBackMessage(incidents: readonly WrittenIncident[]): Message {
  const [first] = incidents;
  const names = incidents.map(({ feature }) => feature).join(', ');
  const title =
    incidents.length === 1 && first ? `${VERBS[first.kind]} ${first.feature}` : `Roll back ${names}`;
  const facts = incidents.map(
    ({ feature, reason, held, before, opened_at, incident }) =>
      `${feature}: ${oneLine(reason)}\n${percentages(before, held)}, incident ${incident} of ${opened_at.toISOString()}`,
  );
  return { title: oneLine(title), body: [...facts, EFFECT].join('\n\n'), proposal: proposalFor(incidents) };
}

const EFFECT = 'Already in effect in the database: merging this changes 0 subjects.';

function proposalFor(incidents: readonly WrittenIncident[]): string {
  const sections = incidents.map(({ feature, reason, held, before, opened_at, incident }) =>
    [
      `**${escapeMarkdown(feature)}** ${percentages(before, held)}: ${escapeMarkdown(reason)}`,
      '',
      `Incident ${incident} of ${opened_at.toISOString()}.`,
    ].join('\n'),
  );
  const lifts =
    'Merging brings the file in line. Closing this unmerged lifts nothing: it is opened again until the file agrees or a person resumes the feature.';
  return [...sections, `${EFFECT} ${lifts}`].join('\n\n');
}

const VERBS: Record<WrittenIncident['kind'], string> = {
  rollback: 'Roll back',
  emergency_stop: 'Stop',
  drift: 'Lower',
};

function percentages(before: WrittenIncident['before'], held: WrittenIncident['held']): string {
  const to = held.emergency_stop ? 'stopped' : held.active ? `${held.percentage}%` : 'off';
  return before ? `from ${before.percentage}% to ${to}` : `to ${to}`;
}
