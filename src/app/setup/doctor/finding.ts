import type { Route } from '../../../domain/notify/route.ts';
import type { Finding, Found } from '../../../domain/report/finding.ts';
import type { Problem } from '../../../domain/spec/problem.ts';
import type { State } from '../../../store/configuration/state.ts';
import type { MigrationStatus } from '../../../store/db/migrate.ts';
import type { Rights } from '../../../store/db/rights.ts';
import type { ServerFacts } from '../../../store/runtime/server-facts.ts';
import type { Receiver } from '../../ports/receivers.ts';
import type { RepositoryFacts } from '../../ports/repository-facts.ts';

/** The answer to a query, or why there is none and what helps. */
export type Asked<T> = { ok: true; value: T } | { ok: false; why: string; next: string | null };

/** The facts of a file that the doctor uses. */
export interface FileFacts {
  path: string;
  problems: readonly Problem[];
  environment: string | null;
  /** The notification routes, with their receivers in this environment. */
  routes: readonly { route: Route; receiver: Receiver }[];
}

/** All facts of the examination; null: not asked. */
export interface Facts {
  file: Asked<FileFacts>;
  database: Asked<ServerFacts>;
  /** True: the embedded database; false: the one in DATABASE_URL. */
  embedded: boolean;
  migrations: Asked<MigrationStatus> | null;
  rights: Asked<Rights> | null;
  buckets: Asked<true> | null;
  state: Asked<State> | null;
  github: Asked<RepositoryFacts> | null;
}

export function ok(what: string, found: Found): Finding {
  return { what, state: 'ok', ...found };
}

export function warning(what: string, found: Found): Finding {
  return { what, state: 'warning', ...found };
}

export function failed(what: string, found: Found): Finding {
  return { what, state: 'failed', ...found };
}

export function unknown(what: string, found: Found): Finding {
  return { what, state: 'unknown', ...found };
}

export function notAsked(
  what: string,
  state: Finding['state'],
  { why, next }: { why: string; next: string | null },
): Finding {
  return { what, state, code: 'not_asked', why, next };
}
