import type { RolledBack } from '../../../domain/report/rolled-back.ts';
import { harmless } from '../../../lib/text.ts';
import { count } from '../../words/words.ts';

const LONGEST_REASON = 200;

/**
 * The text of every list, page and screen about a feature until somebody resumes it: `rolled back, incident 3: 100 of
 * 200 failed, control 0 of 200; rollout resume new_checkout --reason "..."`.
 */
export function rolledBackText(feature: string, rolledBack: RolledBack): string {
  const { incident, reason } = rolledBack;
  const why = rolledBackNumbers(rolledBack) ?? harmless(reason, LONGEST_REASON).replace(/[.;]$/, '');
  const next = `rollout resume ${harmless(feature, 255)} --reason "..."`;
  return `rolled back, incident ${incident}: ${why}; ${next}`;
}

/** `100 of 200 failed, control 0 of 200`; null if no jobs were judged. */
export function rolledBackNumbers({ evidence }: Pick<RolledBack, 'evidence'>): string | null {
  if (evidence === null) return null;
  const { scope, jobs, errors, control_jobs, control_errors } = evidence;
  const where = scope === 'all' ? '' : ` in category ${harmless(scope)}`;
  const control = control_jobs === 0 ? 'no job' : `${count(control_errors)} of ${count(control_jobs)}`;
  return `${count(errors)} of ${count(jobs)} failed${where}, control ${control}`;
}
