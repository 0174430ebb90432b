import { hostname } from 'node:os';
import { RolloutError } from '../../errors.ts';
import type { Queryable } from '../../store/db/client.ts';
import { oneAfterTheOther, openRuntimePool, type Pool } from '../../store/runtime/connection.ts';
import type { RolloutOptions } from './options.ts';
import { type Settings, settingsOf } from './settings.ts';

/** The options of a library that follows a database, with every default filled in. */
export interface DatabaseSettings extends Settings {
  /** Pool for polls; the listening connection is taken out of it. */
  pool: Pool;
  listens: boolean;
  /** Another connection to the same server for long statements, so that they never delay the follower. */
  aside: Queryable;
  /** Connections for outcomes. */
  writes: Queryable;
  /** Pools that the library must end itself. */
  ownPools: readonly Pool[];
  hostGroup: string;
  /** Host and name of the database, for the kept snapshot; null if only the pool's owner knows. */
  of: string | null;
}

/** Throws `usage` for invalid options. A relay writes through several connections, an application through one. */
export function databaseSettingsOf(options: RolloutOptions, writers = 1): DatabaseSettings {
  return {
    ...settingsOf(options, { pollMs: 1_000 }),
    ...connectionsOf(options, writers),
    of: addressOf(options.connectionString ?? options.readUrl),
    hostGroup: options.hostGroup ?? groupOf(hostname()),
  };
}

/** Returns the address without its secrets. */
function addressOf(connectionString: string | undefined): string | null {
  if (connectionString === undefined || !URL.canParse(connectionString)) return null;
  const { host, pathname } = new URL(connectionString);
  return `${host}${pathname}`;
}

type Connections = Pick<DatabaseSettings, 'pool' | 'listens' | 'aside' | 'writes' | 'ownPools'>;

function connectionsOf(options: RolloutOptions, writers: number): Connections {
  const listens = options.listen ?? true;
  if (options.pool !== undefined) {
    // The library's own types do not import those of `pg`; a host that passes a pool has them anyway.
    const pool = options.pool as unknown as Pool;
    // Listening occupies a connection; a pool's only connection must stay free for the host.
    const many = (options.pool.options?.max ?? 10) > 1;
    return { pool, listens: listens && many, aside: pool, writes: pool, ownPools: [] };
  }
  if (options.readUrl === undefined && options.writeUrl === undefined) {
    const pool = openRuntimePool(given(options.connectionString), 1 + writers);
    const aside = writers > 1 ? pool : oneAfterTheOther(pool);
    return { pool, listens, aside, writes: aside, ownPools: [pool] };
  }
  const reading = openRuntimePool(given(options.readUrl, 'readUrl'), 2);
  const writing = openRuntimePool(given(options.writeUrl, 'writeUrl'), writers);
  const writes = writers > 1 ? writing : oneAfterTheOther(writing);
  return { pool: reading, listens, aside: oneAfterTheOther(reading), writes, ownPools: [reading, writing] };
}

function given(url: string | undefined, option = 'database'): string {
  if (typeof url === 'string' && url !== '') return url;
  throw new RolloutError('usage', `createRollout was given no ${option}`, {
    hint: 'give it { connectionString: process.env.DATABASE_URL }, { readUrl, writeUrl } or { pool }',
  });
}

/** Host names such as `web-7d9f8b6c5-x2x1z` form one group: trailing parts with a digit are removed. */
function groupOf(host: string): string {
  const parts = host.split(/(?=[-.])/);
  const last = parts.findLastIndex((part, i) => i === 0 || !/\d/.test(part));
  return parts.slice(0, last + 1).join('') || host;
}
