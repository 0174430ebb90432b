import type pg from 'pg';
import { RolloutError } from '../errors.ts';
import { migrationStatus } from '../store/migrate.ts';

/** Said here, without the value: the driver's own error would carry the password, or a part of it as the host. */
export function refuseMalformed(connectionString: string): void {
  if (URL.canParse(connectionString)) {
    const { protocol, pathname, search, hash } = new URL(connectionString);
    // A password with / ? or # in it ends the host early, and what follows still has the @ of the host.
    const torn = hash !== '' || pathname.includes('@') || search.includes('@');
    if ((protocol === 'postgres:' || protocol === 'postgresql:') && !torn) return;
  }
  throw new RolloutError('usage', 'DATABASE_URL is not a PostgreSQL URL', {
    hint: 'it looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE, special characters in it percent-encoded',
  });
}

/** Throws `database_not_migrated` where a server lacks migrations: applying them is a step of its own there. */
export async function refusePending(pool: pg.Pool): Promise<void> {
  const { pending } = await migrationStatus(pool);
  if (pending.length === 0) return;
  throw new RolloutError(
    'database_not_migrated',
    `the database lacks ${pending.length} ${pending.length === 1 ? 'migration' : 'migrations'} of this version (${pending[0]} ...)`,
    { hint: 'run: rollout migrate' },
  );
}
