import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';

/** SQLSTATEs that mean "somebody else was quicker": serialization failure, deadlock, lock not available. */
const CLASH_CODES: ReadonlySet<string> = new Set(['40001', '40P01', '55P03']);

/** Was another transaction quicker? A retry may succeed. */
export function isClash(error: unknown): boolean {
  return CLASH_CODES.has(sqlState(error));
}

/** Converts errors of the driver to errors that name the next command. */
export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translate(error);
  }
}

function translate(error: unknown): unknown {
  if (error instanceof RolloutError || isClash(error)) return error;
  const message = errorText(error);
  const known = KNOWN.find(({ code, text }) => code?.includes(sqlState(error)) || text?.test(message));
  if (!known) return error;
  return new RolloutError(known.as, known.say(message), { hint: hintOf(error) ?? known.hint, cause: error });
}

const KNOWN: readonly {
  code?: string[];
  text?: RegExp;
  as:
    | 'database_unreachable'
    | 'database_refused'
    | 'database_read_only'
    | 'database_not_migrated'
    | 'unknown_feature'
    | 'usage';
  say: (message: string) => string;
  hint: string;
}[] = [
  {
    code: ['28P01', '28000'],
    as: 'database_refused',
    say: () => 'the database refused the user or the password',
    hint: 'check DATABASE_URL',
  },
  {
    // The driver's message is "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string".
    text: /client password must be a|password is required/i,
    as: 'database_refused',
    say: () => 'the database wants a password, and DATABASE_URL has none',
    hint: 'put it into DATABASE_URL: postgresql://USER:PASSWORD@HOST:5432/DATABASE',
  },
  {
    code: ['3D000'],
    as: 'database_unreachable',
    say: (message) => message,
    hint: 'check the database name in DATABASE_URL',
  },
  {
    code: ['42P01', '42883', '42703', '3F000'],
    as: 'database_not_migrated',
    say: (message) => `the database lacks something that the controller needs: ${message}`,
    hint: 'run: rollout migrate',
  },
  {
    code: ['25006'],
    as: 'database_read_only',
    say: (message) => `the database is read-only: ${message}`,
    hint: 'use the DATABASE_URL of the primary, or look for default_transaction_read_only; in a fail-over wait until it is over',
  },
  {
    code: ['53300'],
    as: 'database_unreachable',
    say: (message) => `the database has no connection left: ${message}`,
    hint: 'raise the limit (alter role ... connection limit, max_connections), use fewer processes, or put a pooler in front',
  },
  {
    code: ['42501'],
    as: 'database_refused',
    say: (message) => `this role may not do that: ${message}`,
    hint: 'use the DATABASE_URL of a role that is a member of rollout_controller',
  },
  {
    code: [
      ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET'],
      // Errors of a socket, or of a certificate that DATABASE_URL names.
      ...['EPIPE', 'ENOENT', 'EACCES', 'ENOTDIR'],
    ],
    text: /timeout expired|Connection terminated|connection timeout|Query read timeout|server closed the connection/i,
    as: 'database_unreachable',
    say: (message) => `the database cannot be reached: ${message}`,
    hint: 'check DATABASE_URL and that the server runs; what was committed stays, so the command can be run again',
  },
  {
    text: /does not support SSL|certificate|unable to verify|wrong version number/i,
    as: 'database_unreachable',
    say: (message) => `no encrypted connection to the database could be made: ${message}`,
    hint: 'check sslmode and sslrootcert in DATABASE_URL',
  },
  {
    // The codes for a text and for an escape in JSON.
    code: ['22021', '22P05'],
    as: 'usage',
    say: () => 'a text holds the character U+0000, which the database cannot keep',
    hint: 'leave the character out: of the reason, of a name, or of whatever else was given',
  },
  {
    code: ['P0002'],
    as: 'unknown_feature',
    say: (message) => message,
    hint: 'run: rollout status',
  },
  {
    code: [
      ...['57P01', '57P02', '57P03', '57P05', '25P03', '57014', '53100', '53200', '53400'],
      ...['08000', '08001', '08003', '08004', '08006', '08P01'],
    ],
    as: 'database_unreachable',
    say: (message) => `the database is not available: ${message}`,
    hint: 'what was committed stays; run the command again',
  },
];

/** Returns the code of a database or socket error; empty if there is none. */
export function sqlState(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}

/** Returns the hint of one of the controller's own SQL functions. */
function hintOf(error: unknown): string | undefined {
  const hint =
    sqlState(error) === 'P0002' && typeof error === 'object' && error && 'hint' in error && error.hint;
  return typeof hint === 'string' ? hint : undefined;
}
