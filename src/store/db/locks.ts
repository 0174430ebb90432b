import type pg from 'pg';
import { RolloutError } from '../../errors.ts';
import { durationText } from '../../lib/duration.ts';

/**
 * How long a statement of the controller waits for a lock, and how long it may take in total, in seconds. Set per
 * transaction, never per session: some poolers refuse session settings, others pass them to their next client.
 */
export interface Limits {
  lockSeconds: number;
  statementSeconds: number;
}

/** The part of a client that runs queries. */
type Queryable = Pick<pg.ClientBase, 'query'>;

/** Changes of configuration are short and rare: one that exceeds these limits is stuck. */
export const LIMITS: Limits = { lockSeconds: 15, statementSeconds: 300 };

/**
 * For work that should rather wait than fail: a rollback, or an import behind another one, which merges a million rows
 * in a statement.
 */
export const PATIENT_LIMITS: Limits = { lockSeconds: 120, statementSeconds: 3_600 };

/** Returns `begin` with its limits, as one message to the server. */
export function begun(begin: string, { lockSeconds, statementSeconds }: Limits): string {
  return `${begin}; set local lock_timeout = '${lockSeconds}s'; set local statement_timeout = '${statementSeconds}s'`;
}

/** A process that holds a lock on the controller's objects now. */
export interface LockHolder {
  pid: number;
  role: string;
  application: string;
  /** Seconds since its transaction began; null if this role may not know. */
  seconds: number | null;
}

/** Reads lock holders, oldest first, without processes that wait themselves. Empty if the database does not answer. */
async function lockHolders(db: Queryable): Promise<LockHolder[]> {
  try {
    const { rows } = await db.query<LockHolder>(
      `select pid, role, application, seconds::float8 from rollout_lock_holders() limit 3`,
    );
    return rows;
  } catch {
    return [];
  }
}

/** `process 4711 of role app (psql), in a transaction for 73 s` */
function holderText({ pid, role, application, seconds }: LockHolder): string {
  const program = application === '' ? '' : ` (${application})`;
  const age = seconds === null ? '' : `, in a transaction for ${ageText(seconds)}`;
  return `process ${pid} of role ${role}${program}${age}`;
}

function ageText(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : durationText(seconds);
}

/** Returns the error for a lock wait or a statement that timed out, with the blocking processes. */
export async function lockError(db: Queryable, cause: unknown, limits: Limits): Promise<RolloutError> {
  const holders = await lockHolders(db);
  const waited = isLockTimeout(cause)
    ? `waited ${limits.lockSeconds} s for a lock`
    : `a statement took longer than ${durationText(limits.statementSeconds)}`;
  const [first] = holders;
  const held = first ? `; it is held by ${holders.map(holderText).join(' and ')}` : '';
  return new RolloutError('busy', `${waited}${held}`, {
    hint: first
      ? `wait until it ends, or end it as its owner: select pg_terminate_backend(${first.pid})`
      : 'run the command again',
    cause,
  });
}

export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === '55P03';
}

/** True for the controller's own limit, false if somebody cancelled the statement. */
export function isStatementTimeout(error: unknown): boolean {
  return codeOf(error) === '57014' && /statement timeout/.test(messageOf(error));
}

function codeOf(error: unknown): string {
  const { code } = causeOf(error) as Partial<pg.DatabaseError>;
  return typeof code === 'string' ? code : '';
}

function messageOf(error: unknown): string {
  const { message } = causeOf(error) as Partial<Error>;
  return message ?? '';
}

/** Returns the driver's error, also if it was already converted. */
function causeOf(error: unknown): object {
  const cause = error instanceof RolloutError ? error.cause : error;
  return typeof cause === 'object' && cause !== null ? cause : {};
}
