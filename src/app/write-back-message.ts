import type { PendingWriteBack } from '../store/write-backs.ts';

/** Title and body of the commit or pull request that writes these incidents back, with their evidence. */
export function messageFor(incidents: readonly PendingWriteBack[]): { title: string; body: string } {
  const [first] = incidents;
  const names = incidents.map(({ feature }) => feature).join(', ');
  const title =
    incidents.length === 1 && first ? `${VERBS[first.kind]} ${first.feature}` : `Take back ${names}`;
  const facts = incidents.map(
    ({ feature, reason, held, before, opened_at, incident }) =>
      `${feature}: ${oneLine(reason)}\n${percentages(before, held)}, incident ${incident} of ${opened_at.toISOString()}`,
  );
  const effect = 'Already in effect in the database: merging this changes 0 subjects.';
  return { title: oneLine(title), body: [...facts, effect].join('\n\n') };
}

const VERBS: Record<PendingWriteBack['kind'], string> = {
  rollback: 'Roll back',
  emergency_stop: 'Stop',
  drift: 'Lower',
};

function percentages(before: PendingWriteBack['before'], held: PendingWriteBack['held']): string {
  const to = held.emergency_stop ? 'stopped' : held.active ? `${held.percentage} %` : 'off';
  return before ? `from ${before.percentage} % to ${to}` : `to ${to}`;
}

/** Reasons come from people: a line of theirs must not become a trailer. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}
