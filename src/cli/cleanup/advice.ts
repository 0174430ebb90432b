import type { CallSite } from './call-sites.ts';

/** Describes what becomes of a call site once the feature is on for everybody, or off, as a clause. */
export function becomesText({ kind, negated, branch }: CallSite, on: boolean): string {
  switch (kind) {
    case 'boolean': {
      const value = negated ? !on : on;
      return branch === null ? `becomes ${value}` : branchText(branch, value);
    }
    case 'details':
      return `becomes what it is with the answer ${on}`;
    case 'route':
      return on ? 'becomes the processor of eligible subjects' : 'becomes the fallback';
    case 'unknown_key':
      return 'may ask for it: its key is known only when it runs';
    case 'mention':
      return 'names it: look what for';
  }
}

function branchText({ kind, hasOther }: NonNullable<CallSite['branch']>, value: boolean): string {
  if (kind === 'conditional') return `is ${value}: of the two values the ${value ? 'first' : 'second'} stays`;
  if (value)
    return hasOther
      ? 'is true: the first branch stays, without its if'
      : 'is true: the block stays, without its if';
  return hasOther ? 'is false: the else branch stays, without its if' : 'is false: the whole if goes';
}

/** One of the two pull requests of a clean-up. */
export interface CleanupStep {
  code: 'change_application' | 'remove_entry';
  text: string;
}

/**
 * Returns the two pull requests in order: if the file's entry were removed first, running code would decide "not
 * eligible".
 */
export function cleanupSteps(feature: string, on: boolean, sites: number): CleanupStep[] {
  return [
    {
      code: 'change_application',
      text: `first, in the application: make these changes${sites === 0 ? ' (there are none)' : ''}, and deploy them everywhere`,
    },
    {
      code: 'remove_entry',
      text: `then, in the rollout file: ${on ? `set active: false for ${feature}, and` : `with ${feature} off,`} remove its entry once that is reconciled`,
    },
  ];
}
