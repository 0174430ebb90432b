import pg from 'pg';
import { RolloutError } from '../../errors.ts';
import { retry } from '../../lib/retry.ts';
import { isClash, translated } from './driver-errors.ts';
import { begun, isLockTimeout, isStatementTimeout, LIMITS, type Limits, lockError } from './locks.ts';
import { SettledClient } from './session.ts';
import { withCertificateChecked } from './ssl-mode.ts';

/** A pool, or a client inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'> | Pick<pg.ClientBase, 'query'>;

/** The actor and the reason of changes, recorded in the history row of every change in the transaction. */
export interface Claim {
  actor: string;
  action?: string;
  reason?: string;
  revision?: string | null;
  metadata?: object;
}

const ATTEMPTS = 5;

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Returns the driver's configuration. A connection string that cannot be parsed is rejected without quoting it: the
 * driver's own error contains all of it, including the password, and would be printed.
 */
function connectionConfig(connectionString: string): { connectionString: string } {
  const checked = { connectionString: withCertificateChecked(connectionString) };
  try {
    void new pg.Client(checked);
  } catch (error) {
    // A missing certificate is reported by the connection.
    if (!(error instanceof TypeError || error instanceof URIError)) return checked;
    throw new RolloutError('usage', 'the connection string of the database cannot be read', {
      hint: 'write postgresql://USER:PASSWORD@HOST:5432/DATABASE, with special characters of the password encoded (@ as %40, # as %23, % as %25)',
    });
  }
  return checked;
}

/** Opens a pool. Connects lazily; the first query shows whether the server is reachable. */
export function openPool(
  connectionString: string,
  applicationName = 'rollout',
  rest: pg.PoolConfig = {},
): pg.Pool {
  const pool = new pg.Pool({
    Client: SettledClient,
    ...connectionConfig(connectionString),
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    max: 4,
    keepAlive: true,
    ...rest,
  });
  // An idle connection that the server closes must not end the process; the next query reports it.
  pool.on('error', () => {});
  // Queries of the pool itself fail with the same errors as those in a transaction.
  const query = pool.query.bind(pool) as (...all: unknown[]) => Promise<unknown>;
  pool.query = ((...all: unknown[]) => translated(() => query(...all))) as typeof pool.query;
  return pool;
}

/** Opens a direct connection, for migrations and listeners. */
export async function connect(connectionString: string, rest: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new SettledClient({
    ...connectionConfig(connectionString),
    application_name: 'rollout',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...rest,
  });
  client.on('error', () => {});
  await translated(() => client.connect());
  return client;
}

const ANSWER_MS = 10_000;

/**
 * Limits the time to wait for a query's answer. A half-dead network keeps a connection open without answers: a follower
 * of the database would wait for ever and seem to follow.
 */
export function soonAnswered(question: pg.QueryConfig, milliseconds = ANSWER_MS): pg.QueryConfig {
  // The driver supports this setting, but its types do not.
  return { ...question, query_timeout: milliseconds } as pg.QueryConfig;
}

/**
 * Runs `work` in a transaction and repeats it after a clash with another one. Throws `busy` with the blocking processes
 * if a lock cannot be had within the limits.
 */
export async function transaction<T>(
  pool: pg.Pool,
  claim: Claim,
  work: (client: pg.PoolClient) => Promise<T>,
  limits: Limits = LIMITS,
): Promise<T> {
  return retry(
    () =>
      limited(pool, 'begin', limits, async (client) => {
        await claimChange(client, claim);
        return work(client);
      }),
    { attempts: ATTEMPTS, mayPass: isClash },
  );
}

/** Runs `work` on one consistent snapshot of the database, which refuses every write. */
export function readOnly<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return limited(pool, 'begin isolation level repeatable read read only', LIMITS, work);
}

/** Runs single statements, each in its own transaction, so that no statement waits for ever. */
export function singly(pool: pg.Pool): Queryable {
  const query = (...all: Parameters<pg.ClientBase['query']>) =>
    limited(pool, 'begin', LIMITS, (client) => client.query(...all) as unknown as Promise<pg.QueryResult>);
  return { query: query as pg.ClientBase['query'] };
}

/** Runs `work` in a transaction, begun by the statement `begin`, in which no statement waits for ever. */
export async function limited<T>(
  pool: pg.Pool,
  begin: string,
  limits: Limits,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  try {
    return await inTransaction(pool, begun(begin, limits), work);
  } catch (error) {
    if (isLockTimeout(error) || isStatementTimeout(error)) throw await lockError(pool, error, limits);
    throw error;
  }
}

/** Sets the actor and the reason of changes until the end of the transaction. */
export async function claimChange(client: Queryable, claim: Claim): Promise<void> {
  await client.query(
    `select set_config('rollout.actor', $1, true), set_config('rollout.action', $2, true),
       set_config('rollout.reason', $3, true), set_config('rollout.revision', $4, true),
       set_config('rollout.metadata', $5, true)`,
    [
      claim.actor,
      claim.action ?? '',
      claim.reason ?? '',
      claim.revision ?? '',
      claim.metadata ? JSON.stringify(claim.metadata) : '',
    ],
  );
}

/** Verified identities by pool, for transactions of an authenticated person. */
const proved = new WeakMap<pg.Pool, string>();

/** Returns a view of the connections that records the verified identity with every change. */
export function provedBy(pool: pg.Pool, subject: string): pg.Pool {
  const own = Object.create(pool, { connect: { value: pool.connect.bind(pool) } }) as pg.Pool;
  proved.set(own, subject);
  return own;
}

/** Runs `work` in its own transaction, begun by the statement `begin`. */
export async function inTransaction<T>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await translated(() => pool.connect());
  let broken: Error | undefined;
  // A connection that dies between two queries is reported here, and by the next query.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await translated(async () => {
      await client.query(begin);
      const subject = proved.get(pool);
      if (subject !== undefined)
        await client.query(`select set_config('rollout.verified_by', $1, true)`, [subject]);
      const result = await work(client);
      await client.query('commit');
      return result;
    });
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
