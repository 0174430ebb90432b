import { getInput } from '@actions/core';
import type { ChangeVia } from '../../app/ports/configuration-repository.ts';
import { type NeedsReason, requireReason } from '../../app/reason.ts';
import { RolloutError } from '../../errors.ts';
import { plainHint, plainNumber } from '../../lib/plain-number.ts';
import { quoted } from '../../lib/text.ts';

/** When a plan comments: if the pull request changes the file, always, or never. */
export type Comment = 'changed' | 'always' | 'never';

/** The inputs of `action.yml`, read once and validated; omitted ones are null. */
export interface Inputs {
  command: string;
  /** Connection string; empty: without a database. */
  databaseUrl: string;
  token: string;
  file: string;
  feature: string | null;
  all: boolean;
  percentage: number | null;
  reason: string | null;
  via: ChangeVia | null;
  force: boolean;
  allowRewind: boolean;
  migrate: boolean;
  comment: Comment;
  /** False: a plan writes no separate check. */
  check: boolean;
  showNames: boolean;
  /** False: incidents get no issues. */
  issues: boolean;
  /** False: no deployments are created. */
  deployments: boolean;
  /** Path of the written report; null: only into the summary. */
  out: string | null;
}

/** Reads the inputs. Throws `usage` with the input's name for an invalid value. */
export function readInputs(): Inputs {
  return {
    command: getInput('command'),
    databaseUrl: getInput('database_url'),
    token: getInput('token'),
    file: getInput('file') || 'rollout.yaml',
    feature: getInput('feature') || null,
    all: flag('all'),
    percentage: percentage(),
    reason: getInput('reason') || null,
    via: via(),
    force: flag('force'),
    allowRewind: flag('allow_rewind'),
    migrate: flag('migrate'),
    comment: commentWhen(),
    check: flag('check', true),
    showNames: flag('show_names'),
    issues: flag('issues', true),
    deployments: flag('deployments', true),
    out: getInput('out') || null,
  };
}

/** An empty form field counts as omitted. */
function flag(name: string, usual = false): boolean {
  const value = getInput(name).toLowerCase();
  if (value === '') return usual;
  if (value === 'true' || value === 'false') return value === 'true';
  throw wrong(name, value, 'true or false');
}

function percentage(): number | null {
  const value = getInput('percentage');
  if (value === '') return null;
  // People fill in the form, so `25%` is accepted.
  const number = plainNumber(value.endsWith('%') ? value.slice(0, -1).trimEnd() : value, 2);
  if (number !== null && number <= 100) return number;
  throw wrong(
    'percentage',
    value,
    `a percentage from 0 to 100 with at most two decimals, such as 12.5${plainHint(value)}`,
  );
}

function commentWhen(): Comment {
  const value = getInput('comment').toLowerCase();
  switch (value) {
    case '':
    case 'true':
      return 'changed';
    case 'false':
      return 'never';
    case 'always':
      return 'always';
    default:
      throw wrong('comment', value, 'true, false or always');
  }
}

function via(): ChangeVia | null {
  const value = getInput('via');
  if (value === '' || value === 'usual') return null;
  if (value === 'commit' || value === 'pull_request') return value;
  throw wrong('via', value, 'usual, commit or pull_request');
}

function wrong(name: string, value: string, right: string): RolloutError {
  return new RolloutError('usage', `the input ${name} is ${quoted(value)}`, { hint: `it is ${right}` });
}

/** Returns the feature of a command. Throws `usage` without one. */
export function requireFeature({ command, feature }: Inputs): string {
  if (feature) return feature;
  throw new RolloutError('usage', `${command} needs a feature`, {
    hint: 'set the input feature',
  });
}

/** Returns the reason for history. Throws `usage` without one. */
export function reasonOf({ reason }: Inputs, operation: NeedsReason): string {
  return requireReason(reason, operation, 'set the input reason');
}

/**
 * Returns the database of a writing command. Throws `usage` without one, because an embedded database would be lost.
 */
export function requireDatabase({ command, databaseUrl }: Inputs): string {
  if (databaseUrl) return databaseUrl;
  throw new RolloutError('usage', `${command} needs a database, and the input database_url is empty`, {
    hint: 'put the URL into the secret ROLLOUT_DATABASE_URL of the environment that the workflow names',
  });
}
