import pg from 'pg';
import { RolloutError } from '../../errors.ts';
import { retry } from '../../lib/retry.ts';
import { isClash, translated } from './driver-errors.ts';
import { begun, isLockTimeout, isStatementTimeout, LIMITS, type Limits, lockError } from './locks.ts';
import { SettledClient } from './session.ts';
import { withCertificateChecked } from './ssl-mode.ts';

/** A pool, or a client inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'> | Pick<pg.ClientBase, 'query'>;

/** Who changes configuration and why: what the history row of every change in the transaction says. */
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
 * What the driver is given. A connection string that cannot be read is refused without a word of it: the driver's own
 * error holds all of it, the password too, and whoever prints the error prints that.
 */
function connectionConfig(connectionString: string): { connectionString: string } {
  const checked = { connectionString: withCertificateChecked(connectionString) };
  try {
    void new pg.Client(checked);
  } catch (error) {
    // A certificate that is not there is found by the connection.
    if (!(error instanceof TypeError || error instanceof URIError)) return checked;
    throw new RolloutError('usage', 'the connection string of the database cannot be read', {
      hint: 'write postgresql://USER:PASSWORD@HOST:5432/DATABASE, with special characters of the password encoded (@ as %40, # as %23, % as %25)',
    });
  }
  return checked;
}

/** Opens a pool. Connects lazily; the first query tells whether the server is there. */
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
  // What is asked of the pool itself fails in the same words as what is asked in a transaction.
  const query = pool.query.bind(pool) as (...all: unknown[]) => Promise<unknown>;
  pool.query = ((...all: unknown[]) => translated(() => query(...all))) as typeof pool.query;
  return pool;
}

/** A direct connection, for migrations and for who listens. */
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
 * A question whose answer is waited for at most so long. A network that is half dead keeps a connection open and
 * answers nothing: who follows the database would wait for ever, and look as if it followed.
 */
export function soonAnswered(question: pg.QueryConfig, milliseconds = ANSWER_MS): pg.QueryConfig {
  // The driver has the setting, its types do not.
  return { ...question, query_timeout: milliseconds } as pg.QueryConfig;
}

/**
 * Runs `work` in a transaction and repeats it when another one was quicker. Throws `busy`, with who is in the way,
 * where a lock is not to be had within the limits.
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

/** Runs `work` on one unchanging view of the database, which refuses every write. */
export function readOnly<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return limited(pool, 'begin isolation level repeatable read read only', LIMITS, work);
}

/** Single statements, each in a transaction of its own, so that no statement waits without end. */
export function singly(pool: pg.Pool): Queryable {
  const query = (...all: Parameters<pg.ClientBase['query']>) =>
    limited(pool, 'begin', LIMITS, (client) => client.query(...all) as unknown as Promise<pg.QueryResult>);
  return { query: query as pg.ClientBase['query'] };
}

/** Runs `work` in a transaction, begun as `begin` says, in which no statement waits without end. */
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

/** Says, until the end of the transaction, who changes what and why. */
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

/** Of pools whose transactions somebody makes who proved who it is. */
const proved = new WeakMap<pg.Pool, string>();

/** A view of the connections that records the proved identity beside every change. */
export function provedBy(pool: pg.Pool, subject: string): pg.Pool {
  const own = Object.create(pool, { connect: { value: pool.connect.bind(pool) } }) as pg.Pool;
  proved.set(own, subject);
  return own;
}

/** Runs `work` in a transaction of its own, begun as `begin` says. */
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
