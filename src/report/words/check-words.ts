import type { AgainstMerging } from '../../domain/proposal/plan-check.ts';
import { reasonText } from './change-words.ts';
import { type PlanLike, totalsOf } from './plan-model.ts';
import { count, counted } from './words.ts';

/** Why a proposal must not be merged, in one sentence without a full stop. */
export function againstText(against: AgainstMerging): string {
  switch (against.code) {
    case 'errors':
      return `the file has ${counted(against.count, 'error')}`;
    case 'file_refused':
      return `reconcile refuses this file: ${against.message}${against.hint === null ? '' : `; ${against.hint}`}`;
    case 'held':
      return `${against.feature} is held: ${reasonText(against.reason)}`;
    case 'refused':
      return `${against.feature} is refused: ${reasonText(against.reason)}`;
    case 'holds_unknown':
      return `the database could not be read, so nobody knows whether an incident holds ${against.features.join(', ')}; the next health run checks again`;
  }
}

/** Why a check is neutral, one sentence without a full stop. */
export const BLIND =
  'The plan has no database, so nobody knows whether an incident holds a feature that this raises; set the secret ROLLOUT_READER_DATABASE_URL';

/** Title of a check: what is wrong, or what merging would change. */
export function checkTitle(
  plan: PlanLike,
  against: readonly AgainstMerging[],
  { changed, file, blind }: { changed: boolean; file: string; blind: boolean },
): string {
  if (!changed) return `${file} is not changed`;
  const [first, ...others] = against;
  if (first) return `${shortly(first)}${others.length > 0 ? ` and ${others.length} more` : ''}`;
  const { changes, entering, leaving, uncounted } = totalsOf(plan);
  const moved = uncounted > 0 ? 'subjects were not counted' : `${count(entering)} in, ${count(leaving)} out`;
  if (changes === 0) return 'No feature changes';
  const total = counted(changes, 'change');
  return blind ? `${total}; holds are not known without a database` : `${total}: ${moved}`;
}

function shortly(against: AgainstMerging): string {
  switch (against.code) {
    case 'errors':
      return counted(against.count, 'error');
    case 'file_refused':
      return 'Reconcile refuses this file';
    case 'held':
      return `${against.feature} is held${against.incident === null ? '' : ` by incident ${against.incident}`}`;
    case 'refused':
      return `${against.feature} is refused`;
    case 'holds_unknown':
      return 'Holds are not known: the database could not be read';
  }
}
