import { RolloutError } from '../../../errors.ts';
import type { ConfigurationRepository } from '../../ports/configuration-repository.ts';

/** Throws if `asked` is not the tip. Only the tip is ever applied: an event may be older than later merges. */
export function refuseOtherRevision(tip: string | null, asked: string | null): void {
  // An unset variable arrives as an empty text, which every commit begins with.
  if (asked === null || (asked.length >= 7 && tip?.startsWith(asked.toLowerCase()))) return;
  throw new RolloutError(
    'revision_refused',
    `${asked.slice(0, 40)} is not the tip of the default branch, which is ${tip?.slice(0, 10) ?? 'no commit'}`,
    { hint: 'reconcile applies only the tip; leave --revision out' },
  );
}

/**
 * Throws `revision_refused` if the tip does not descend from the last applied commit: it is old, or history was
 * rewritten.
 */
export async function refuseRewind(
  repository: ConfigurationRepository,
  tip: string | null,
  last: string | null,
): Promise<void> {
  if (last === null || tip === null || tip === last) return;
  if ((await repository.settlement(tip, [last])) !== 'missing') return;
  // Somebody may have pushed between the two reads.
  const again = await repository.readTip();
  if (again.revision !== null && (await repository.settlement(again.revision, [last])) !== 'missing') {
    throw new RolloutError('revision_refused', 'the branch moved while it was read', {
      hint: 'run: rollout reconcile',
    });
  }
  throw new RolloutError(
    'revision_refused',
    `${tip.slice(0, 10)} does not descend from ${last.slice(0, 10)}, which was applied last: this checkout is behind, or history was rewritten`,
    {
      hint: 'bring the checkout up to date (git pull) and run it again; where history was rewritten on purpose, look at the plan (rollout plan), and if it is what you want: rollout reconcile --allow-rewind',
    },
  );
}
