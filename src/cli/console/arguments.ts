import { RolloutError } from '../../errors.ts';

/** Reads a typed percentage. Throws `usage`. */
export function percentageOf(value: unknown, called: string): number {
  if (typeof value === 'number' && value >= 0 && value <= 100 && Number(value.toFixed(2)) === value) {
    return value;
  }
  throw new RolloutError('usage', `${called} takes a percentage from 0 to 100 with at most two decimals`, {
    hint: `rollout.${called}(25)`,
  });
}

/** Reads typed ids or names. Throws `usage` for a number, which may already have lost digits or a leading zero. */
export function entriesOf(values: unknown, called: string): string[] {
  const entries = Array.isArray(values) ? values : [values];
  const texts = entries.filter((entry) => typeof entry === 'string');
  if (texts.length === entries.length && texts.length > 0) return texts;
  throw new RolloutError('usage', `${called} takes ids or owner/name, in quotes`, {
    hint: `rollout.${called}("octocat/hello-world")`,
  });
}
