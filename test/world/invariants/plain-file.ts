import type { Seen } from '../seen.ts';

/** 11. In a database that commits govern a file without a commit is never applied, not even one that changes nothing. */
export function plainFile({ effect, before }: Seen): string[] {
  const { reconciled } = effect;
  if (effect.applied !== 'yes' || !reconciled || before.revision === null) return [];
  return reconciled.revision === null
    ? [`a file that is not in a commit was applied, although ${before.revision} governs this database`]
    : [];
}
