import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { connect, openPool, type Queryable, soonAnswered } from '../db/client.ts';
import { translated } from '../db/driver-errors.ts';

/** For rooms that hold a pool and leave it to this one what can be done with it. */
export type Pool = pg.Pool;

/** The pool of one application: never the reason why its process goes on. */
export function openRuntimePool(connectionString: string): pg.Pool {
  return openPool(connectionString, 'rollout-runtime', {
    max: 3,
    allowExitOnIdle: true,
    // A server that is gone without a word must not hold a flush for ever; its batch is sent again.
    query_timeout: 60_000,
  });
}

/** A connection that hears of changes. */
export interface ChangeListener {
  readonly client: pg.ClientBase;
  /** A channel of its own, for `sendEcho`. */
  readonly echo: string;
  close(): Promise<void>;
}

/** What is heard on a connection. */
export interface Hearing {
  /** At each notification of a change. */
  onChange(): void;
  /** An echo came back: this connection hears what others send. */
  onEcho(): void;
  /** Once, when the connection is gone; close it then too. */
  onLost(): void;
}

/**
 * Sends a notification to one listener, through another connection: a pooler that gives sessions to others answers
 * LISTEN, and the one connection that it is sent from might hear it by chance.
 */
export async function sendEcho(db: Queryable, { echo }: ChangeListener): Promise<void> {
  await translated(() => db.query(soonAnswered({ text: `select pg_notify($1, '')`, values: [echo] })));
}

/**
 * Listens for `rollout_changed`, on a connection of its own or on one taken out of `pool`, which is then that much
 * smaller.
 */
export async function listenForChanges(
  from: { connectionString: string } | { pool: pg.Pool },
  { onChange, onEcho, onLost }: Hearing,
): Promise<ChangeListener> {
  const [client, end] =
    'pool' in from ? await takenFrom(from.pool) : await connectedTo(from.connectionString);
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

async function connectedTo(connectionString: string): Promise<[pg.Client, () => Promise<void>]> {
  const client = await connect(connectionString, { application_name: 'rollout-runtime', keepAlive: true });
  // The driver has it, its types do not: an application that has nothing else to do may end.
  (client as pg.Client & { unref(): void }).unref();
  return [client, () => client.end().catch(() => {})];
}

async function takenFrom(pool: pg.Pool): Promise<[pg.PoolClient, () => Promise<void>]> {
  const client = await translated(() => pool.connect());
  // A pool that is ended waits for those who have not come back.
  return [client, async () => client.release(true)];
}
