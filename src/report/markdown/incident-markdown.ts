import type { IncidentKind, ToldIncident } from '../../domain/spec/incident.ts';
import type { Exposure } from '../../domain/spec/spec.ts';
import { harmless } from '../../lib/text.ts';
import { commit, moment } from '../words/words.ts';
import { escapeMarkdown } from './escape-markdown.ts';

const WHAT: Record<IncidentKind, string> = {
  rollback: 'was rolled back',
  emergency_stop: 'was stopped',
  drift: 'was lowered by hand',
};

/** `one was rolled back from 25% (incident 12)`, or `(staging, incident 12)` if the environment has a name. */
export function incidentTitle(
  { feature, kind, before, incident }: ToldIncident,
  environment: string | null,
): string {
  const from = before?.active ? ` from ${before.percentage}%` : '';
  return `${harmless(feature, 100)} ${WHAT[kind]}${from} (${environment === null ? '' : `${harmless(environment, 100)}, `}incident ${incident})`;
}

/**
 * Describes what happened, the present state, the state of the file, and the ways out. Everything from people is
 * escaped.
 */
export function incidentMarkdown(one: ToldIncident): string {
  const { kind, reason, held, before, severity, opened_at, opened_by } = one;
  const rows: [string, string][] = [
    ['why', escapeMarkdown(reason)],
    ['since', `${moment(opened_at)}, by ${escapeMarkdown(opened_by)}`],
    ['severity', escapeMarkdown(severity)],
    ['before', before ? standing(before) : 'not known'],
    ['now', standing(held)],
    ['the file', fileSays(one)],
  ];
  return [
    `**${escapeMarkdown(one.feature)}** ${WHAT[kind]}. The database is safe already.`,
    '',
    '| | |',
    '| --- | --- |',
    ...rows.map(([name, text]) => `| ${name} | ${text} |`),
    '',
    ...waysOut(one),
  ].join('\n');
}

/** Describes in one sentence how the incident ended; null: it has not. */
export function incidentEnding({
  state,
  settled_by,
  resumed_by,
  superseded_by,
}: Pick<ToldIncident, 'state' | 'settled_by' | 'resumed_by' | 'superseded_by'>): string | null {
  switch (state) {
    case 'open':
      return null;
    case 'settled':
      return `Settled: the file agrees${settled_by === null ? '' : ` since ${commit(settled_by)}`}.`;
    case 'resumed':
      return `Resumed${resumed_by === null ? '' : ` by ${escapeMarkdown(resumed_by)}`}.`;
    case 'superseded':
      return `Superseded${superseded_by === null ? '' : ` by incident ${superseded_by}`}: something stronger holds the feature now.`;
  }
}

function standing({ active, emergency_stop, percentage, strategy }: Exposure): string {
  if (emergency_stop) return 'stopped';
  if (!active) return 'off';
  return strategy === 'whitelist' ? 'the whitelist' : `${percentage}%`;
}

function fileSays(one: ToldIncident): string {
  const { write_back, write_back_commit, write_back_pull_request, write_back_error, write_back_url } = one;
  if (write_back === 'handed_on') return `is for incident ${one.superseded_by ?? '?'} to change`;
  if (write_back_url !== null) {
    // This address is built from the repository's name and the feature's key, so it needs no escaping.
    return `waits until a person [opens the pull request](${write_back_url.replace(/[()\s<>|]/g, encodeURIComponent)})`;
  }
  const why = write_back_error === null ? '' : `: ${escapeMarkdown(write_back_error)}`;
  switch (write_back) {
    case 'pending':
      return `is not written back yet${why}`;
    case 'proposed':
      return `waits until #${write_back_pull_request ?? '?'} is merged${why}`;
    case 'done':
      return write_back_commit === null ? 'agrees' : `was written in ${commit(write_back_commit)}`;
    case 'not_needed':
      return 'agrees';
  }
}

function waysOut(one: ToldIncident): string[] {
  const ending = incidentEnding(one);
  if (ending !== null) return [ending];
  const key = one.feature.replace(/[^\w-]/g, '?');
  return [
    'Nothing raises it until a person says so. The ways out:',
    '',
    '- Let the file agree: merge the write-back. The incident is settled then, and the feature stays as it is now.',
    `- Raise it again, when the cause is gone: \`rollout resume ${key} --reason "..."\`, or the workflow *operate*.`,
    ...(one.permit_until === null
      ? []
      : ['', `A person has leave to raise it until ${moment(one.permit_until)}.`]),
  ];
}
