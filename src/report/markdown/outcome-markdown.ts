import type { IncidentSince } from '../../domain/report/rolled-back.ts';
import { harmless } from '../../lib/text.ts';
import { rolledBackNumbers } from '../text/health/rolled-back-text.ts';
import type { PlanLike } from '../words/plan-model.ts';
import { commit, moment } from '../words/words.ts';
import { capped } from './capped.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { incidentEnding } from './incident-markdown.ts';
import { code, planMarkdown } from './plan-markdown.ts';

/** Largest length in bytes of each half of the comment on a merged pull request. */
const HALF = 30_000;
const LONGEST_REASON = 300;

/** Describes what a reconcile did after a merge: what is live, held and refused. */
export function outcomeMarkdown(plan: PlanLike, environment: string | null): string {
  const of = (...actions: string[]) =>
    plan.changes.filter(({ action }) => actions.includes(action)).map(({ feature }) => code(feature));
  const kept = [...of('held'), ...of('refused')];
  const applied = plan.changes.length - kept.length;
  const at = plan.revision === null ? '' : ` at ${code(commit(plan.revision))}`;
  const nothing = plan.problems.some(({ severity }) => severity === 'error')
    ? 'Not applied'
    : 'Nothing to do';
  const title = applied > 0 ? 'Applied' : kept.length > 0 ? 'Not live' : nothing;
  const lines = [
    `### Rollout${environment === null ? '' : ` in ${escapeMarkdown(environment)}`}: ${title}${at}`,
    '',
    ...(kept.length > 0 ? [`Not live: ${kept.join(', ')}`, ''] : []),
    planMarkdown({ ...plan, revision: null }),
  ];
  return capped(lines.join('\n').trimEnd(), HALF);
}

/** Describes why a merge was not reconciled at all. */
export function notReconciledMarkdown(message: string, environment: string | null): string {
  const where = environment === null ? '' : ` in ${escapeMarkdown(environment)}`;
  return `### Rollout${where}: Not applied\n\n:x: ${escapeMarkdown(harmless(message, 1_000))}`;
}

/** Describes what happened to a merged pull request's features since, one line for each incident. */
export function sinceMarkdown(incidents: readonly IncidentSince[]): string {
  const lines = incidents.map((one) => {
    const ended = incidentEnding({ ...one, settled_by: null });
    const numbers = rolledBackNumbers(one);
    const why = numbers ?? harmless(one.reason, LONGEST_REASON).replace(/[.;]$/, '');
    const next =
      one.state === 'resumed' || one.state === 'superseded'
        ? ''
        : ` To go on when the cause is gone: ${code(`rollout resume ${one.feature} --reason "..."`)}.`;
    const after = ended === null ? '' : ` ${ended}`;
    return `- ${code(one.feature)} was ${WHAT[one.kind]}, incident ${one.incident}, ${moment(one.opened_at)}: ${escapeMarkdown(why)}.${after}${next}`;
  });
  return capped(['**Since then**', '', ...lines].join('\n'), HALF);
}

const WHAT: Record<IncidentSince['kind'], string> = {
  rollback: 'rolled back',
  emergency_stop: 'stopped',
  drift: 'lowered by hand',
};
