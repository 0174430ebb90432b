import { Socket } from 'node:net';
import pg from 'pg';
import type { Cluster } from './cluster.ts';

/** One command's share in a running server. */
export type Membership = {
  /** Ends the share; true if nobody else has one, and then nobody can get one any more. */
  isLastToLeave(): Promise<boolean>;
  close(): Promise<void>;
};

// Advisory locks are per database. All members use `postgres`, which serves no other purpose.
const meetingPlace = 'postgres';
const lockKey = 7_236_001;

/**
 * Takes a share in the server on `port`: a lock that PostgreSQL releases when the connection ends, so a killed command
 * does not count. Creates the database `database` if needed. Rejects with the error of `pg` if the server is not (yet,
 * or no longer) there.
 */
export async function becomeMember(cluster: Cluster, port: number, database: string): Promise<Membership> {
  let { session, socket } = await connect(cluster, port);
  try {
    await session.query('select pg_advisory_lock_shared($1)', [lockKey]);
    const found = await session.query('select from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await session.query(`create database ${session.escapeIdentifier(database)}`);
  } catch (error) {
    await end(session, socket);
    throw error;
  }
  let lost = false;
  session.on('end', () => {
    lost = true;
  });
  socket.unref(); // a finished command that forgot to leave must still end
  return {
    async isLastToLeave() {
      // The session may have been ended from outside while the server lives: then another session asks.
      if (lost) ({ session, socket } = await connect(cluster, port));
      else {
        socket.ref(); // the command must not end while it leaves
        await session.query('select pg_advisory_unlock_shared($1)', [lockKey]);
      }
      const { rows } = await session.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [
        lockKey,
      ]);
      return rows[0]?.got === true;
    },
    close: () => end(session, socket),
  };
}

async function connect(cluster: Cluster, port: number): Promise<{ session: pg.Client; socket: Socket }> {
  const socket = new Socket();
  const session = new pg.Client({
    host: '127.0.0.1',
    port,
    user: cluster.user,
    password: cluster.password,
    database: meetingPlace,
    ssl: false,
    connectionTimeoutMillis: 5_000,
    query_timeout: 30_000,
    application_name: 'rollout member',
    stream: () => socket,
  });
  session.on('error', () => {}); // a lost server is noticed by the next query
  try {
    await session.connect();
    return { session, socket };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Closes the session of a server that may be gone, and waits at most a second for it. */
async function end(session: pg.Client, socket: Socket): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const second = new Promise((resolve) => {
    timer = setTimeout(resolve, 1_000);
  });
  await Promise.race([session.end().catch(() => {}), second]);
  clearTimeout(timer);
  socket.destroy();
}
