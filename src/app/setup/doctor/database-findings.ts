import type { MigrationStatus } from '../../../store/db/migrate.ts';
import type { Rights } from '../../../store/db/rights.ts';
import { type Asked, type Facts, type Finding, failed, notAsked, ok, warning } from './finding.ts';

export function databaseFindings({ database, embedded, migrations, rights, buckets }: Facts): Finding[] {
  if (!database.ok) return [notAsked('database', 'failed', database)];
  const { version, user, roles, member_of, owner, may_write, standby } = database.value;
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
  if (standby) {
    findings.push(
      warning(
        'replica',
        'the database is a read replica: applications and relays may read here, and nothing can be changed or recorded',
        'use the DATABASE_URL of the primary for reconcile, tick, and whatever records outcomes',
      ),
    );
  }
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

function among(roles: readonly string[]): string {
  return roles.length === 0 ? '' : `, a member of ${roles.join(', ')}`;
}
