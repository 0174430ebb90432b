import { hostname } from 'node:os';
import { RolloutError } from '../../errors.ts';
import { openRuntimePool, type Pool } from '../../store/runtime/connection.ts';
import type { RolloutOptions } from './api.ts';
import { safeLog } from './events.ts';

/** The options with every default filled in. */
export interface Settings {
  /** Where the connection comes from that listens; null: none does. */
  listenThrough: { connectionString: string } | { pool: Pool } | null;
  pool: Pool;
  /** The pool is ours to end. */
  ownPool: boolean;
  environment: string | null;
  env: Readonly<Record<string, string | undefined>>;
  pollMs: number;
  maxStaleMs: number;
  startMs: number;
  flushMs: number;
  maxPending: number;
  closeMs: number;
  flushOnExit: boolean;
  hostGroup: string;
  log: (line: string) => void;
  now: () => number;
}

/** Throws `usage` for what cannot be meant: here a mistake is seen, later it would only be felt. */
export function settingsOf(options: RolloutOptions): Settings {
  const numbers = {
    pollMs: atLeast(1, 'pollMs', options.pollMs ?? 1_000),
    maxStaleMs: atLeast(1, 'maxStaleMs', options.maxStaleMs ?? 300_000),
    startMs: atLeast(0, 'startMs', options.startMs ?? 5_000),
    flushMs: atLeast(1, 'flushMs', options.flushMs ?? 5_000),
    maxPending: atLeast(1, 'maxPending', options.maxPending ?? 100_000),
    closeMs: atLeast(0, 'closeMs', options.closeMs ?? 5_000),
  };
  return {
    ...connectionsOf(options),
    ...numbers,
    environment: options.environment ?? null,
    env: options.env ?? process.env,
    flushOnExit: options.flushOnExit ?? true,
    hostGroup: options.hostGroup ?? groupOf(hostname()),
    log: safeLog(options.log ?? console.warn),
    now: options.now ?? (() => performance.now()),
  };
}

function connectionsOf(options: RolloutOptions): Pick<Settings, 'listenThrough' | 'pool' | 'ownPool'> {
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

function atLeast(least: number, name: string, value: number): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new RolloutError('usage', `${name} of createRollout is ${value}`, {
    hint: `it is a number from ${least} on`,
  });
}

/** `web-7d9f8b6c5-x2x1z` and its sisters are one group: parts at the end that hold a digit are left out. */
function groupOf(host: string): string {
  const parts = host.split(/(?=[-.])/);
  const last = parts.findLastIndex((part, i) => i === 0 || !/\d/.test(part));
  return parts.slice(0, last + 1).join('') || host;
}
