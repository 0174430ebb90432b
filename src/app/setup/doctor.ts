import { heartbeatIsStale } from '../../domain/spec/heartbeat.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import { counted } from '../../lib/counted.ts';
import type { State } from '../../store/configuration/snapshot.ts';
import type { MigrationStatus } from '../../store/db/migrate.ts';
import type { Rights } from '../../store/db/rights.ts';
import type { ServerFacts } from '../../store/runtime/server-facts.ts';
import type { RepositoryFacts } from '../ports.ts';

/** One line of the doctor: what was looked at, what was found, and the next thing to do. */
export interface Finding {
  what: string;
  /** `unknown`: it could not be looked at. */
  state: 'ok' | 'warning' | 'failed' | 'unknown';
  found: string;
  /** A command, or where to click; null: nothing is to be done. */
  next: string | null;
}

/** What was asked for: the answer, or why there is none with what helps. */
export type Asked<T> = { ok: true; value: T } | { ok: false; why: string; next: string | null };

/** Everything that could be found out; null: it was not asked. */
export interface Facts {
  file: Asked<{ path: string; problems: readonly Problem[]; environment: string | null }>;
  database: Asked<ServerFacts>;
  /** Named by DATABASE_URL, or the embedded one. */
  embedded: boolean;
  migrations: Asked<MigrationStatus> | null;
  rights: Asked<Rights> | null;
  buckets: Asked<true> | null;
  state: Asked<State> | null;
  github: Asked<RepositoryFacts> | null;
}

/** What stands between this set-up and a working loop, in the order in which it is to be mended. */
export function examine(facts: Facts): Finding[] {
  return [
    ...fileFindings(facts),
    ...databaseFindings(facts),
    ...scheduleFindings(facts),
    ...githubFindings(facts),
  ];
}

function fileFindings({ file: asked, state }: Facts): Finding[] {
  if (!asked.ok) return [notAsked('file', 'failed', asked)];
  const file = asked.value;
  const errors = file.problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    return [
      failed(
        'file',
        `${file.path}, line ${first.line}: ${first.message}${more}`,
        `rollout validate --file ${file.path}`,
      ),
    ];
  }
  const warnings = file.problems.length;
  const told =
    warnings === 0 ? `${file.path} is valid` : `${file.path} is valid, with ${counted(warnings, 'warning')}`;
  const findings = [
    warnings === 0 ? ok('file', told) : warning('file', told, `rollout validate --file ${file.path}`),
  ];
  const stored = state?.ok ? state.value.environment : null;
  if (stored !== null && file.environment !== null && stored !== file.environment) {
    findings.push(
      failed(
        'environment',
        `the file says ${file.environment}, the database is that of ${stored}`,
        'set another DATABASE_URL, or environment in the file',
      ),
    );
  }
  return findings;
}

function databaseFindings({ database, embedded, migrations, rights, buckets }: Facts): Finding[] {
  if (!database.ok) return [notAsked('database', 'failed', database)];
  const { version, user, roles, member_of, owner, may_write } = database.value;
  const where = embedded ? 'the embedded PostgreSQL' : 'PostgreSQL';
  const findings = [
    embedded
      ? warning(
          'database',
          `${where} ${version}: only this machine has it`,
          'set DATABASE_URL to a server for everybody',
        )
      : ok('database', `${where} ${version}, as ${user}`),
  ];
  if (migrations) findings.push(migrationFinding(migrations));
  if (buckets)
    findings.push(
      buckets.ok
        ? ok('buckets', 'this build and the server agree on who is in')
        : notAsked('buckets', 'failed', buckets),
    );
  if (roles.length === 0) {
    findings.push(
      warning(
        'roles',
        'rollout_reader, rollout_controller and rollout_recorder are not there',
        'rollout migrate, as a role that may create roles',
      ),
    );
  } else if (!may_write) {
    findings.push(
      warning(
        'roles',
        `${user} may read and not write${among(member_of)}`,
        `grant rollout_controller to ${user}`,
      ),
    );
  } else findings.push(ok('roles', `${user} may write${owner ? ' and migrate' : ''}${among(member_of)}`));
  if (rights) findings.push(...rightsFindings(rights));
  return findings;
}

/** Rights beside the table of grants: by default privileges, by hand, or after a restore without privileges. */
function rightsFindings(rights: Asked<Rights>): Finding[] {
  if (!rights.ok) return [notAsked('rights', 'failed', rights)];
  const { open, others, missing, creators } = rights.value;
  const findings = [
    ...open.map(({ role, objects }) =>
      failed('rights', `${role} holds rights on ${objects} tables and functions of ours`, 'rollout migrate'),
    ),
    ...others.map(({ role, objects }) =>
      warning(
        'rights',
        `${role} holds rights on ${objects} tables and functions of ours`,
        `grant rollout_reader to ${role}, then: rollout migrate --grants`,
      ),
    ),
    ...creators.map((role) =>
      warning(
        'rights',
        `${role} may create tables and functions in schema public`,
        `revoke create on schema public from ${role}`,
      ),
    ),
  ];
  if (missing > 0) findings.push(failed('rights', `our roles lack ${missing} rights`, 'rollout migrate'));
  return findings.length > 0
    ? findings
    : [ok('rights', 'only our roles hold rights on our tables and functions')];
}

function migrationFinding(migrations: Asked<MigrationStatus>): Finding {
  if (!migrations.ok) return notAsked('migrations', 'failed', migrations);
  const { applied, pending } = migrations.value;
  if (pending.length === 0) return ok('migrations', `all ${applied.length} are applied`);
  return failed('migrations', `${pending.length} are not applied (${pending[0]} ...)`, 'rollout migrate');
}

/** The heartbeat tells whether ticks come, and GitHub whether its schedule is still on. */
function scheduleFindings({ state, github }: Facts): Finding[] {
  const findings: Finding[] = [];
  if (state?.ok) {
    const { heartbeat_at, global_stop, now } = state.value;
    if (global_stop)
      findings.push(
        warning(
          'stop',
          `everything is stopped: ${global_stop.reason}`,
          'rollout resume --all --reason "..."',
        ),
      );
    if (heartbeat_at === null)
      findings.push(warning('tick', 'none has run yet', 'rollout tick, or start the workflow health'));
    else if (heartbeatIsStale(heartbeat_at, now))
      findings.push(
        failed(
          'tick',
          `the last one ran at ${heartbeat_at.toISOString()}: nothing is judged or rolled back`,
          'start the workflow health, and look at its last run',
        ),
      );
    else findings.push(ok('tick', `the last one ran at ${heartbeat_at.toISOString()}`));
  } else if (state) findings.push(notAsked('tick', 'unknown', state));
  const workflows = github?.ok ? github.value.workflows : null;
  const ticks = findings.some(({ what, state }) => what === 'tick' && state === 'ok');
  if (workflows) findings.push(workflowFinding(workflows, ticks));
  return findings;
}

function workflowFinding(workflows: NonNullable<RepositoryFacts['workflows']>, ticks: boolean): Finding {
  const health = workflows.find(({ path }) => /(^|\/)(rollout-)?health\.ya?ml$/.test(path));
  if (!health && ticks) return ok('schedule', 'no workflow health.yml, but ticks come from elsewhere');
  if (!health) return failed('schedule', 'there is no workflow health.yml', 'rollout init');
  if (health.state === 'active') return ok('schedule', `${health.path} is on`);
  // GitHub switches schedules off after 60 days without a commit in public repositories.
  return failed(
    'schedule',
    `${health.path} is ${health.state.replaceAll('_', ' ')}`,
    `gh workflow enable ${health.path.split('/').at(-1)}`,
  );
}

/**
 * The environments that the workflows of this file name. GitHub makes one that is missing when it is first used, without
 * secrets and without reviewers.
 */
function environmentFinding(
  { environments, workflows }: RepositoryFacts,
  { file }: Pick<Facts, 'file'>,
): Finding | null {
  const operate = workflows?.find(({ path }) => /(^|\/)rollout-([\w-]+-)?operate\.ya?ml$/.test(path));
  if (!operate) return null;
  const own = file.ok && file.value.environment ? `rollout-${file.value.environment}` : null;
  const prefix = own && operate.path.endsWith(`/${own}-operate.yml`) ? own : 'rollout';
  const needed = [prefix, `${prefix}-operate`];
  if (environments === null) {
    return unknown(
      'environments',
      `whether ${needed.join(' and ')} exist may not be asked`,
      'give the token: actions: read',
    );
  }
  const missing = needed.filter((name) => !environments.includes(name));
  if (missing.length === 0) return ok('environments', `${needed.join(' and ')} exist`);
  return warning(
    'environments',
    `${missing.join(' and ')} ${missing.length === 1 ? 'does' : 'do'} not exist: GitHub makes one without secrets or reviewers when a workflow first uses it`,
    'Settings, Environments, New environment; see docs/github.md',
  );
}

function githubFindings({ github, file }: Facts): Finding[] {
  if (github === null) {
    return [
      unknown(
        'github',
        'not asked: GITHUB_REPOSITORY and GITHUB_TOKEN are not set',
        'GITHUB_REPOSITORY=OWNER/REPO GITHUB_TOKEN=$(gh auth token) rollout doctor',
      ),
    ];
  }
  if (!github.ok) return [notAsked('github', 'failed', github)];
  const { default_branch, private: isPrivate, protection, actions_may_create_pull_requests } = github.value;
  return [
    ok(
      'github',
      `the default branch is ${default_branch}, the repository is ${isPrivate ? 'private' : 'public'}`,
    ),
    tokenFinding(github.value.may_write),
    protectionFinding(protection, default_branch, actions_may_create_pull_requests),
    pullRequestFinding(actions_may_create_pull_requests),
    ...[environmentFinding(github.value, { file })].filter((found) => found !== null),
  ];
}

/** A person's token says little of that of a job, whose permissions stand in the workflows. */
function tokenFinding(may: RepositoryFacts['may_write']): Finding {
  if (may === null) return unknown('token', 'what it may do is not said', 'see permissions in the workflows');
  return may
    ? ok('token', 'it may write contents')
    : warning(
        'token',
        'it may read and not write: no rollback gets into the file with it',
        'give the job permissions: contents: write, or take another token',
      );
}

function protectionFinding(
  protection: RepositoryFacts['protection'],
  branch: string,
  mayPropose: boolean | null,
): Finding {
  if (protection === null)
    return unknown(
      'protection',
      `whether ${branch} is protected may not be asked`,
      'give the token: contents: read',
    );
  if (protection === 'none') return ok('protection', `${branch} takes our commits`);
  const rule = protection === 'ruleset' ? 'a ruleset' : 'branch protection';
  const told = `${rule} of ${branch} wants pull requests: a rollback is live at once, and its commit waits for a person`;
  return mayPropose === false
    ? failed(
        'protection',
        `${told}, and Actions may not open one`,
        'Settings, Actions, General: allow GitHub Actions to create pull requests',
      )
    : warning('protection', told, 'let a GitHub App bypass it; see docs/github.md');
}

function pullRequestFinding(may: boolean | null): Finding {
  if (may === null)
    return unknown(
      'pull requests',
      'whether Actions may create them may not be asked',
      'ask with a token of an administrator',
    );
  return may
    ? ok('pull requests', 'Actions may create them')
    : warning(
        'pull requests',
        'Actions may not create them: what raises waits as a branch',
        'Settings, Actions, General: allow GitHub Actions to create pull requests',
      );
}

function among(roles: readonly string[]): string {
  return roles.length === 0 ? '' : `, a member of ${roles.join(', ')}`;
}

function ok(what: string, found: string): Finding {
  return { what, state: 'ok', found, next: null };
}

function warning(what: string, found: string, next: string): Finding {
  return { what, state: 'warning', found, next };
}

function failed(what: string, found: string, next: string): Finding {
  return { what, state: 'failed', found, next };
}

function unknown(what: string, found: string, next: string): Finding {
  return { what, state: 'unknown', found, next };
}

function notAsked(
  what: string,
  state: Finding['state'],
  { why, next }: { why: string; next: string | null },
): Finding {
  return { what, state, found: why, next };
}
