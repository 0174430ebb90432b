import { RolloutError } from '../../../errors.ts';

/** Classification of a parcel's failed sending. */
export type Failure =
  /** The data are the cause: refused however often they are sent. Nothing was recorded. */
  | 'refused'
  /** The parcel exceeds what the server or the role allows at once. Nothing was recorded. */
  | 'too_large'
  /** A lock or a right is in the way: this parcel may succeed later, and others may succeed now. */
  | 'later'
  /** The result is unknown: the server is unreachable, or its answer was lost. Send it again under the same id. */
  | 'away';

/** By SQLSTATE or its class, the longer one first. All others are `later`: the server has answered. */
const BY_STATE: Readonly<Record<string, Failure>> = {
  // Statement timeout or a cancelled query, transaction timeout, memory, disk for temporary files, a configured
  // limit.
  '57014': 'too_large',
  '25P04': 'too_large',
  '53200': 'too_large',
  '53100': 'too_large',
  '53400': 'too_large',
  // Cardinality, data, constraints, the check of a view, program limits, and errors of the host's triggers.
  '21': 'refused',
  '22': 'refused',
  '23': 'refused',
  '44': 'refused',
  '54': 'refused',
  P0: 'refused',
  // Connections, passwords, a missing database, too many connections, a server that starts or stops.
  '08': 'away',
  '28': 'away',
  '3D': 'away',
  '53300': 'away',
  '57': 'away',
};

const REFUSALS: readonly string[] = ['unknown_feature', 'record_invalid', 'usage'];

export function failureOf(error: unknown): Failure {
  if (error instanceof RolloutError && REFUSALS.includes(error.code)) return 'refused';
  const state = stateOf(error) ?? stateOf(error instanceof Error ? error.cause : null);
  if (state === null) return 'away';
  return BY_STATE[state] ?? BY_STATE[state.slice(0, 2)] ?? 'later';
}

/** Returns the SQLSTATE of a server's answer; null for other errors, such as EPIPE. */
function stateOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return /^[0-9FHPX][0-9A-Z]{4}$/.test(code) ? code : null;
}
