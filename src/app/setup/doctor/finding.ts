import type { Problem } from '../../../domain/spec/problem.ts';
import type { State } from '../../../store/configuration/snapshot.ts';
import type { MigrationStatus } from '../../../store/db/migrate.ts';
import type { Rights } from '../../../store/db/rights.ts';
import type { ServerFacts } from '../../../store/runtime/server-facts.ts';
import type { RepositoryFacts } from '../../ports.ts';

/** One line of the doctor: what was looked at, what was found, and the next thing to do. */
export interface Finding {
  what: string;
  /** `unknown`: it could not be looked at. */
  state: 'ok' | 'warning' | 'failed' | 'unknown';
  found: string;
  /** A command, or where to click; null: nothing is to be done. */
  next: string | null;
}

/** What was asked for: the answer, or why there is none with what helps. */
export type Asked<T> = { ok: true; value: T } | { ok: false; why: string; next: string | null };

/** Everything that could be found out; null: it was not asked. */
export interface Facts {
  file: Asked<{ path: string; problems: readonly Problem[]; environment: string | null }>;
  database: Asked<ServerFacts>;
  /** Named by DATABASE_URL, or the embedded one. */
  embedded: boolean;
  migrations: Asked<MigrationStatus> | null;
  rights: Asked<Rights> | null;
  buckets: Asked<true> | null;
  state: Asked<State> | null;
  github: Asked<RepositoryFacts> | null;
}

export function ok(what: string, found: string): Finding {
  return { what, state: 'ok', found, next: null };
}

export function warning(what: string, found: string, next: string): Finding {
  return { what, state: 'warning', found, next };
}

export function failed(what: string, found: string, next: string): Finding {
  return { what, state: 'failed', found, next };
}

export function unknown(what: string, found: string, next: string): Finding {
  return { what, state: 'unknown', found, next };
}

export function notAsked(
  what: string,
  state: Finding['state'],
  { why, next }: { why: string; next: string | null },
): Finding {
  return { what, state, found: why, next };
}
