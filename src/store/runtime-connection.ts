import type pg from 'pg';
import { connect, openPool, soonAnswered } from './client.ts';
import { translated } from './translated.ts';

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
  close(): Promise<void>;
}

/**
 * Listens for `rollout_changed`, on a connection of its own or on one taken out of `pool`, which is then that much
 * smaller. `onChange` is called at each notification, `onLost` once, when the connection is gone; close it then too.
 */
export async function listenForChanges(
  from: { connectionString: string } | { pool: pg.Pool },
  onChange: () => void,
  onLost: () => void,
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
  });
  try {
    await translated(() => client.query(soonAnswered({ text: 'listen rollout_changed' })));
  } catch (error) {
    await close();
    throw error;
  }
  return { client, close };
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
