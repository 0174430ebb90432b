import type { Finding } from '../../../domain/report/finding.ts';
import type { MigrationStatus } from '../../../store/db/migrate.ts';
import type { Rights } from '../../../store/db/rights.ts';
import type { ServerFacts } from '../../../store/runtime/server-facts.ts';
import { type Asked, type Facts, failed, notAsked, ok, warning } from './finding.ts';

export function databaseFindings({ database, embedded, migrations, rights, buckets }: Facts): Finding[] {
  if (!database.ok) return [notAsked('database', 'failed', database)];
  const { version, user, standby } = database.value;
  const findings = [
    embedded
      ? warning('database', { code: 'database_embedded', version })
      : ok('database', { code: 'database_server', version, user }),
  ];
  if (migrations) findings.push(migrationFinding(migrations));
  if (buckets) {
    const agree = buckets.ok
      ? ok('buckets', { code: 'buckets_agree' })
      : notAsked('buckets', 'failed', buckets);
    findings.push(agree);
  }
  if (standby) findings.push(warning('replica', { code: 'replica' }));
  findings.push(roleFinding(database.value));
  if (rights) findings.push(...rightsFindings(rights));
  return findings;
}

function roleFinding({ user, roles, member_of, owner, may_write }: ServerFacts): Finding {
  if (roles.length === 0) return warning('roles', { code: 'roles_missing' });
  if (!may_write) return warning('roles', { code: 'role_reads', user, member_of });
  return ok('roles', { code: 'role_writes', user, member_of, owner });
}

/** Rights outside the grant table: from default privileges, manual grants, or a restore without privileges. */
function rightsFindings(rights: Asked<Rights>): Finding[] {
  if (!rights.ok) return [notAsked('rights', 'failed', rights)];
  const { open, others, missing, creators } = rights.value;
  const findings = [
    ...open.map((holder) => failed('rights', { code: 'rights_of_everybody', ...holder })),
    ...others.map((holder) => warning('rights', { code: 'rights_of_others', ...holder })),
    ...creators.map((role) => warning('rights', { code: 'role_creates', role })),
    ...(missing > 0 ? [failed('rights', { code: 'rights_missing', missing })] : []),
  ];
  return findings.length > 0 ? findings : [ok('rights', { code: 'rights_as_granted' })];
}

function migrationFinding(migrations: Asked<MigrationStatus>): Finding {
  if (!migrations.ok) return notAsked('migrations', 'failed', migrations);
  const { applied, pending, foreign } = migrations.value;
  if (pending.length > 0) return failed('migrations', { code: 'migrations_pending', pending });
  if (foreign.length > 0) return warning('migrations', { code: 'migrations_newer', newer: foreign });
  return ok('migrations', { code: 'migrations_applied', applied: applied.length });
}
