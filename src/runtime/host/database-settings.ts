import { hostname } from 'node:os';
import { RolloutError } from '../../errors.ts';
import { openRuntimePool, type Pool } from '../../store/runtime/connection.ts';
import type { RolloutOptions } from './api.ts';
import { type Settings, settingsOf } from './settings.ts';

/** The options of a library that follows a database, with every default filled in. */
export interface DatabaseSettings extends Settings {
  /** Where the connection comes from that listens; null: none does. */
  listenThrough: { connectionString: string } | { pool: Pool } | null;
  pool: Pool;
  /** The pool is ours to end. */
  ownPool: boolean;
  hostGroup: string;
  /** Host and name of the database, for the kept snapshot; null where only the pool's owner knows. */
  of: string | null;
}

/** Throws `usage` for what cannot be meant. */
export function databaseSettingsOf(options: RolloutOptions): DatabaseSettings {
  return {
    ...settingsOf(options, { pollMs: 1_000 }),
    ...connectionsOf(options),
    of: addressOf(options.connectionString),
    hostGroup: options.hostGroup ?? groupOf(hostname()),
  };
}

/** Without what is secret in it. */
function addressOf(connectionString: string | undefined): string | null {
  if (connectionString === undefined || !URL.canParse(connectionString)) return null;
  const { host, pathname } = new URL(connectionString);
  return `${host}${pathname}`;
}

function connectionsOf(
  options: RolloutOptions,
): Pick<DatabaseSettings, 'listenThrough' | 'pool' | 'ownPool'> {
  const listen = options.listen ?? true;
  if (options.pool !== undefined) {
    // The types of `pg` stay out of the library's own: whoever hands in a pool has them.
    const pool = options.pool as unknown as Pool;
    // Who listens keeps its connection; the last one of a pool is not ours to keep.
    const many = (options.pool.options?.max ?? 10) > 1;
    return { listenThrough: listen && many ? { pool } : null, pool, ownPool: false };
  }
  const { connectionString } = options;
  if (typeof connectionString !== 'string' || connectionString === '') {
    throw new RolloutError('usage', 'createRollout was given no database', {
      hint: 'give it { connectionString: process.env.DATABASE_URL } or { pool }',
    });
  }
  const pool = openRuntimePool(connectionString);
  return { listenThrough: listen ? { connectionString } : null, pool, ownPool: true };
}

/** `web-7d9f8b6c5-x2x1z` and its sisters are one group: parts at the end that hold a digit are left out. */
function groupOf(host: string): string {
  const parts = host.split(/(?=[-.])/);
  const last = parts.findLastIndex((part, i) => i === 0 || !/\d/.test(part));
  return parts.slice(0, last + 1).join('') || host;
}
