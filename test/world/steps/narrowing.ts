import { nth } from '../dice.ts';
import type { Written } from '../file.ts';
import { REGIONS, TEAMS } from '../registry.ts';

// Edits of what narrows a feature by facts of the registry.

export type Edit = (written: Written, n: number, feature: string) => void;

/** What a filter may ask for: facts that many have, and now and then one that nobody has. */
const FILTERS: readonly Record<string, readonly string[]>[] = [
  { region: REGIONS.slice(0, 1) },
  { region: REGIONS.slice(0, 2) },
  { region: REGIONS },
  { team: TEAMS.slice(0, 3) },
  { team: TEAMS.slice(2), region: REGIONS.slice(1) },
  { owner: ['Acme', 'initech'] },
  { owner: ['globex', 'acme'], region: REGIONS.slice(0, 2) },
];
const NOBODY_HAS = { planet: ['mars'] };

/** Every second time what stands there goes: what gathers leaves nobody whom an edit could move. */
function narrow(written: Written, key: 'where' | 'not', n: number): void {
  const filter = n % 29 === 7 ? NOBODY_HAS : nth(FILTERS, n >> 1);
  const other = written.subject === 'customer' && filter && 'owner' in filter ? FILTERS[0] : filter;
  setOrDelete(written, key, key in written && n % 2 === 0 ? undefined : other);
}

export function setOrDelete(written: Written, key: string, value: unknown): void {
  if (value === undefined) delete written[key];
  else written[key] = value;
}

export const NARROWING: Readonly<Record<string, { weight: number; edit: Edit }>> = {
  where: { weight: 9, edit: (written, n) => narrow(written, 'where', n) },
  not: { weight: 5, edit: (written, n) => narrow(written, 'not', n) },
  group_by: {
    weight: 8,
    edit: (written, n) => {
      const by = written.subject === 'customer' ? 'team' : nth(['team', 'owner', 'team', 'region'], n >> 1);
      setOrDelete(written, 'group_by', 'group_by' in written && n % 2 === 0 ? undefined : by);
    },
  },
};
