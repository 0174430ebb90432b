import { isDeepStrictEqual } from 'node:util';
import type { Seen } from '../seen.ts';

/** 5. Every change of exposure has its history row, and the chain verifies. */
export function history({ effect, before, after, features }: Seen): string[] {
  const found: string[] = [];
  if (!after.history.valid) found.push(`history does not verify: ${after.history.problem}`);
  if (effect.byHand === 'restored') return found;
  for (const feature of features) {
    const [was, is] = [before.features.get(feature), after.features.get(feature)];
    if (isDeepStrictEqual(was?.columns, is?.columns)) continue;
    const rows = (after.history.last.get(feature) ?? 0) - (before.history.last.get(feature) ?? 0);
    if (rows <= 0) found.push(`${feature} changed without a row of history`);
  }
  if (before.stopped !== after.stopped && after.history.entries <= before.history.entries) {
    found.push('the stop of everything changed without a row of history');
  }
  return found;
}
