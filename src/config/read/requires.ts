import { packageVersion } from '../../lib/package-root.ts';
import { error } from '../base/finding.ts';
import type { Finding } from '../base/problems.ts';
import type { PlainMap } from '../base/tree.ts';

const VERSION = /^(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})$/;

/**
 * Returns a finding if the file's `requires` needs a newer controller; null if it does not. Checked first, because
 * unknown keys would otherwise be reported as misspelled.
 */
export function requiresNewer({ requires }: PlainMap): Finding | null {
  const own = packageVersion();
  if (typeof requires !== 'string' || !VERSION.test(requires) || !isNewer(requires, own)) return null;
  const found = `the file requires controller ${requires} or newer, and this is ${own}`;
  return error(
    ['requires'],
    `${found}; upgrade: npm install rollout-controller@${requires}, or the action's tag`,
  );
}

/** Is version `a` newer than `b`? A pre-release counts as its release. */
function isNewer(a: string, b: string): boolean {
  const [ours, theirs] = [partsOf(a), partsOf(b)];
  const first = ours.findIndex((part, i) => part !== theirs[i]);
  return first >= 0 && (ours[first] ?? 0) > (theirs[first] ?? 0);
}

function partsOf(version: string): number[] {
  return version.split(/[.+-]/).slice(0, 3).map(Number);
}
