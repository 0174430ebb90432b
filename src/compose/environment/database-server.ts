import type pg from 'pg';
import { RolloutError } from '../../errors.ts';
import { parseDatabaseUrl } from '../../lib/database-url.ts';
import { migrationStatus } from '../../store/db/migrate.ts';

const EXAMPLE =
  'it looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE, special characters in it percent-encoded';

/** Reported here, without the value: the driver's own error would contain the password, or a part of it as the host. */
export function refuseMalformed(connectionString: string): void {
  const url = parseDatabaseUrl(connectionString);
  // A password with an unescaped / ? or # ends the host early, and the rest still contains the @ before the host.
  const torn =
    url !== null && [url.hash.slice(1) && '@', url.pathname, url.search].some((part) => part.includes('@'));
  if (url === null || torn) {
    throw new RolloutError('usage', 'DATABASE_URL is not a PostgreSQL URL', { hint: EXAMPLE });
  }
  if (url.searchParams.has('service')) {
    throw new RolloutError('usage', 'DATABASE_URL names a service, and service files are not read', {
      hint: 'put host, user and database of the service into DATABASE_URL',
    });
  }
  if (url.hostname.includes(',')) {
    throw new RolloutError('usage', 'DATABASE_URL names several hosts, and one is supported', {
      hint: 'name the one that takes writes, or a proxy that finds it',
    });
  }
}

/**
 * Throws for settings that look like a database but are not one: otherwise the embedded database, which is empty, would
 * be used silently.
 */
export function refuseUnset({ DATABASE_URL, PGSERVICE }: Readonly<Record<string, string | undefined>>): void {
  if (DATABASE_URL !== undefined) {
    throw new RolloutError('usage', 'DATABASE_URL is set and empty', {
      hint: 'set it to postgresql://USER:PASSWORD@HOST:5432/DATABASE, or unset it for the embedded database beside the file',
    });
  }
  if (PGSERVICE?.trim()) {
    throw new RolloutError('usage', 'PGSERVICE is set, and service files are not read', {
      hint: 'set DATABASE_URL to the database of that service, or unset PGSERVICE for the embedded database beside the file',
    });
  }
}

/** Throws `database_not_migrated` if a server lacks migrations: applying them is a separate step there. */
export async function refusePending(pool: pg.Pool): Promise<void> {
  const { pending } = await migrationStatus(pool);
  if (pending.length === 0) return;
  throw new RolloutError(
    'database_not_migrated',
    `the database lacks ${pending.length} ${pending.length === 1 ? 'migration' : 'migrations'} of this version (${pending[0]} ...)`,
    { hint: 'run: rollout migrate' },
  );
}
