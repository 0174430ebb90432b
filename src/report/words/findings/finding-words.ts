import type { FindingText, Found } from '../../../domain/report/finding.ts';
import { counted } from '../../../lib/counted.ts';
import { type FindingWords, githubFindingWords } from './github-finding-words.ts';

/** Returns the text of a finding, and the next action. */
export function findingText(found: Found): FindingText {
  const say = WORDS[found.code] as (found: Found) => readonly [string, string | null];
  const [sentence, next] = say(found);
  return { found: sentence, next };
}

const WORDS: FindingWords<Found> = {
  not_asked: ({ why, next }) => [why, next],
  file_valid: ({ path, warnings }) =>
    warnings === 0
      ? [`${path} is valid`, null]
      : [`${path} is valid, with ${counted(warnings, 'warning')}`, `rollout validate --file ${path}`],
  file_invalid: ({ path, line, message, more }) => [
    `${path}, line ${line}: ${message}${more > 0 ? ` (and ${more} more)` : ''}`,
    `rollout validate --file ${path}`,
  ],
  environment_differs: ({ file, database }) => [
    `the file says ${file}, the database is that of ${database}`,
    'set another DATABASE_URL, or environment in the file',
  ],
  receivers_set: ({ variables }) => [`${variables.join(', ')}: set here`, null],
  receiver_missing: ({ variable, problem }) => [
    `notify names ${variable}, ${problem === 'unset' ? 'which is not set here' : 'whose value is not a URL'}`,
    `set ${variable} in the environment of tick and serve; then: rollout notify --test`,
  ],
  database_embedded: ({ version }) => [
    `the embedded PostgreSQL ${version}: only this machine has it`,
    'set DATABASE_URL to a server for everybody',
  ],
  database_server: ({ version, user }) => [`PostgreSQL ${version}, as ${user}`, null],
  migrations_applied: ({ applied }) => [`all ${applied} are applied`, null],
  migrations_pending: ({ pending }) => [
    `${pending.length} are not applied (${pending[0]} ...)`,
    'rollout migrate',
  ],
  migrations_newer: ({ newer }) => [
    `a newer version migrated this database (${newer[0]}${newer.length > 1 ? ' ...' : ''})`,
    'update rollout-controller here, too',
  ],
  buckets_agree: () => ['this build and the server agree on who is in', null],
  replica: () => [
    'the database is a read replica: applications and relays may read here, and nothing can be changed or recorded',
    'use the DATABASE_URL of the primary for reconcile, tick, and whatever records outcomes',
  ],
  roles_missing: () => [
    'rollout_reader, rollout_controller and rollout_recorder are not there',
    'rollout migrate, as a role that may create roles',
  ],
  role_reads: ({ user, member_of }) => [
    `${user} may read and not write${among(member_of)}`,
    `grant rollout_controller to ${user}`,
  ],
  role_writes: ({ user, member_of, owner }) => [
    `${user} may write${owner ? ' and migrate' : ''}${among(member_of)}`,
    null,
  ],
  rights_as_granted: () => ['only our roles hold rights on our tables and functions', null],
  rights_of_everybody: (holder) => [rightsText(holder), 'rollout migrate'],
  rights_of_others: (holder) => [
    rightsText(holder),
    `grant rollout_reader to ${holder.role}, then: rollout migrate --grants`,
  ],
  role_creates: ({ role }) => [
    `${role} may create tables and functions in schema public`,
    `revoke create on schema public from ${role}`,
  ],
  rights_missing: ({ missing }) => [`our roles lack ${missing} rights`, 'rollout migrate'],
  stopped: ({ reason }) => [`everything is stopped: ${reason}`, 'rollout resume --all --reason "..."'],
  tick_never: () => ['none has run yet', 'rollout tick, or start the workflow health'],
  tick_late: ({ at }) => [
    `the last one ran at ${at.toISOString()}: nothing is judged or rolled back`,
    'start the workflow health, and look at its last run',
  ],
  tick_ran: ({ at }) => [`the last one ran at ${at.toISOString()}`, null],
  ...githubFindingWords,
};

function rightsText({ role, objects }: { role: string; objects: number }): string {
  return `${role} holds rights on ${objects} tables and functions of ours`;
}

function among(roles: readonly string[]): string {
  return roles.length === 0 ? '' : `, a member of ${roles.join(', ')}`;
}
