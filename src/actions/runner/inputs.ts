import { getInput } from '@actions/core';
import type { ChangeVia } from '../../app/ports/configuration-repository.ts';
import { type NeedsReason, requireReason } from '../../app/reason.ts';
import { RolloutError } from '../../errors.ts';
import { plainHint, plainNumber } from '../../lib/plain-number.ts';
import { quoted } from '../../lib/text.ts';

/** When a plan comments: where the pull request changes the file, on every one, or never. */
export type Comment = 'changed' | 'always' | 'never';

/** The inputs of `action.yml`, read once and checked; what was left out is null. */
export interface Inputs {
  command: string;
  /** Empty: without a database. */
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
  /** False: a plan writes no check beside the job's own. */
  check: boolean;
  showNames: boolean;
  /** False: incidents are not issues. */
  issues: boolean;
  /** False: what is live is not noted as deployments. */
  deployments: boolean;
  /** Where the report is written; null: only into the summary. */
  out: string | null;
}

/** Throws `usage` with the input's name for a value that it cannot be. */
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

/** What a form leaves empty counts as left out. */
function flag(name: string, usual = false): boolean {
  const value = getInput(name).toLowerCase();
  if (value === '') return usual;
  if (value === 'true' || value === 'false') return value === 'true';
  throw wrong(name, value, 'true or false');
}

function percentage(): number | null {
  const value = getInput('percentage');
  if (value === '') return null;
  // A form's field is filled in by people: `25%` is clear.
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

/** The feature that a command is about. Throws `usage` without one. */
export function requireFeature({ command, feature }: Inputs): string {
  if (feature) return feature;
  throw new RolloutError('usage', `${command} needs a feature`, {
    hint: 'set the input feature',
  });
}

/** A reason for whoever reads the history. Throws `usage` without one. */
export function reasonOf({ reason }: Inputs, operation: NeedsReason): string {
  return requireReason(reason, operation, 'set the input reason');
}

/** The database that a writing command works on. Throws `usage` without one: nothing here is done on a database of its own. */
export function requireDatabase({ command, databaseUrl }: Inputs): string {
  if (databaseUrl) return databaseUrl;
  throw new RolloutError('usage', `${command} needs a database, and the input database_url is empty`, {
    hint: 'put the URL into the secret ROLLOUT_DATABASE_URL of the environment that the workflow names',
  });
}
