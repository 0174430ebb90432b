import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { oneByOne } from '../../lib/single-flight.ts';
import { openPool, type Queryable, soonAnswered } from '../db/client.ts';
import { sqlState, translated } from '../db/driver-errors.ts';

/** For rooms that hold a pool but leave its use to this room. */
export type Pool = pg.Pool;

const CONNECT_MS = 10_000;
const LONGEST_CONNECT_MS = 60_000;

/** Opens the pool of one application, with at most `max` connections; it never keeps the process alive. */
export function openRuntimePool(connectionString: string, max: number): pg.Pool {
  const pool = openPool(connectionString, 'rollout-runtime', {
    max,
    allowExitOnIdle: true,
    // A server that disappeared silently must not block a flush for ever; its batch is sent again.
    query_timeout: 60_000,
    connectionTimeoutMillis: CONNECT_MS,
  });
  pool.on('connect', () => {
    pool.options.connectionTimeoutMillis = CONNECT_MS;
  });
  const query = pool.query.bind(pool) as (...all: unknown[]) => Promise<unknown>;
  pool.query = ((...all: unknown[]) =>
    query(...all).catch((error: unknown) => {
      waitLonger(pool, error);
      throw error;
    })) as typeof pool.query;
  return pool;
}

/**
 * A connection that is given up while the server is still creating it is wasted work, and when many processes start at
 * once the server has no time for that: so the next wait is twice as long.
 */
function waitLonger(pool: pg.Pool, error: unknown): void {
  if (
    !(error instanceof Error) ||
    !/connection timeout|timeout expired|trying to connect/.test(error.message)
  )
    return;
  const before = pool.options.connectionTimeoutMillis ?? CONNECT_MS;
  pool.options.connectionTimeoutMillis = Math.min(LONGEST_CONNECT_MS, 2 * before);
}

/**
 * Runs one statement at a time, so that never more than one connection is taken: statements wait here, not for a
 * connection.
 */
export function oneAfterTheOther(pool: Queryable): Queryable {
  const inTurn = oneByOne();
  const query = pool.query.bind(pool) as (...all: unknown[]) => Promise<unknown>;
  return { query: ((...all: unknown[]) => inTurn(() => query(...all))) as Queryable['query'] };
}

/** Was it refused because the server, the database or the role has no connection left? */
export function isOutOfConnections(error: unknown): boolean {
  return [error, error instanceof Error ? error.cause : null].some((one) => sqlState(one) === '53300');
}

/** A connection that receives notifications of changes. */
export interface ChangeListener {
  readonly client: pg.ClientBase;
  /** Its own channel, for `sendEcho`. */
  readonly echo: string;
  close(): Promise<void>;
}

/** Callbacks of a listening connection. */
export interface Hearing {
  /** Called at each notification of a change. */
  onChange(): void;
  /** Called when an echo came back, which proves that this connection receives notifications. */
  onEcho(): void;
  /** Called once, when the connection is lost; then also close it. */
  onLost(): void;
}

/**
 * Sends a notification to one listener, through another connection: a pooler that shares sessions accepts LISTEN, and
 * on the sending connection itself the notification might arrive by chance.
 */
export async function sendEcho(db: Queryable, { echo }: ChangeListener): Promise<void> {
  await translated(() => db.query(soonAnswered({ text: `select pg_notify($1, '')`, values: [echo] })));
}

/** Listens for `rollout_changed` on a connection taken out of `pool`, which then has one connection less. */
export async function listenForChanges(
  pool: pg.Pool,
  { onChange, onEcho, onLost }: Hearing,
): Promise<ChangeListener> {
  const [client, end] = await takenFrom(pool);
  let over = false;
  const lose = () => {
    if (!over) onLost();
  };
  const close = async () => {
    if (over) return;
    over = true;
    await end();
  };
  client.on('error', lose);
  client.on('end', lose);
  client.on('notification', ({ channel }) => {
    if (channel === 'rollout_changed') onChange();
    else if (channel === echo) onEcho();
  });
  const echo = `rollout_echo_${randomBytes(8).toString('hex')}`;
  try {
    await translated(() => client.query(soonAnswered({ text: 'listen rollout_changed' })));
    await translated(() => client.query(soonAnswered({ text: `listen ${echo}` })));
  } catch (error) {
    await close();
    throw error;
  }
  return { client, echo, close };
}

async function takenFrom(pool: pg.Pool): Promise<[pg.PoolClient, () => Promise<void>]> {
  const client = await translated(() => pool.connect()).catch((error: unknown) => {
    waitLonger(pool, error);
    throw error;
  });
  // Exists in the driver but not in its types: lets an application end that has nothing else to do.
  if (pool.options.allowExitOnIdle) (client as pg.PoolClient & { unref(): void }).unref();
  // A pool that is being ended waits for connections that have not been returned.
  return [client, async () => client.release(true)];
}
