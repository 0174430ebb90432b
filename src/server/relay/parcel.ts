import { ARMS } from '../../domain/evidence/outcomes.ts';
import { LAST_PLACE } from '../../domain/evidence/time-counters.ts';
import type { Parcel } from '../../runtime/record/parcel/batch.ts';
import { isName, readStamp } from '../../runtime/record/stamp.ts';
import { WIRE_VERSION } from '../../runtime/wire/wire.ts';

/** A parcel from an application, or why it is invalid. */
export type ReadParcel = { parcel: Parcel } | { problem: string; newer?: true };

type Check = (value: unknown) => boolean;

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MOST_ITEMS = 10_000;
const LONGEST_ERROR = 300;
/** The year 9999: PostgreSQL formats later times differently. */
const LATEST = 253_402_300_799_000;

const PLACE = {
  feature: isName255,
  subject: isName512,
  processor: isName,
  arm: (value: unknown) => ARMS.includes(value as never),
  epoch: isCount,
  job_class: isShort,
  category: isShort,
} satisfies Record<string, Check>;

const SUM: Readonly<Record<string, Check>> = {
  ...PLACE,
  window: isTime,
  jobs: isCount,
  errors: isCount,
  timed_jobs: isCount,
  processing_ms: isAmount,
  times: isTimes,
  last_error: isError,
  last_error_at: isTime,
};

const ERROR: Readonly<Record<string, Check>> = {
  feature: isName255,
  processor: isName,
  arm: PLACE.arm,
  message: isText,
  occurrences: isCount,
  last_at: isTime,
};

const OUTCOME: Readonly<Record<string, Check>> = {
  ...PLACE,
  ok: (value) => typeof value === 'boolean',
  duration_ms: (value) => value === null || isAmount(value),
  error: isError,
  finished_at: isTime,
};

const EVENT: Readonly<Record<string, Check>> = {
  feature: orNull(isName255),
  metric: isName,
  subject: isName512,
  arm: orNull(PLACE.arm),
  epoch: orNull(isCount),
  category: orNull(isShort),
  at: orNull(isTime),
  events: isCount,
  bad: isCount,
  id: orNull(isName255),
};

/** The database checks whether the rule exists, because the application may be newer. */
const ROUTE: Readonly<Record<string, Check>> = {
  feature: isName255,
  epoch: isEpoch,
  rule: isName,
  day: isDay,
  jobs: isCount,
};

const BREAKER: Readonly<Record<string, Check>> = {
  feature: isName255,
  processor: isName,
  state: (value) => value === 'open' || value === 'half_open',
};
const MOST_BREAKERS = 100;

const PRESENCE: Readonly<Record<string, Check>> = {
  process: (value) => typeof value === 'string' && /^[0-9a-f]{8}$/.test(value),
  ageSeconds: (value) => isAmount(value) && (value as number) >= 0,
  leaving: (value) => typeof value === 'boolean',
  breakers: (value) =>
    Array.isArray(value) && value.length <= MOST_BREAKERS && listProblem('breakers', value, BREAKER) === null,
};

/** Validates the form of a parcel; the database checks its contents. */
export function readParcel(value: unknown): ReadParcel {
  if (typeof value !== 'object' || value === null) return { problem: 'the body is JSON, but no object' };
  const { version, id, kind, items, errors = [], routes } = value as Record<string, unknown>;
  if (typeof version === 'number' && version > WIRE_VERSION) {
    return { problem: `this relay takes version ${WIRE_VERSION} of outcomes, not ${version}`, newer: true };
  }
  if (typeof id !== 'string' || !ID.test(id)) return { problem: 'id is not a UUID in lower case' };
  if (!Array.isArray(items) || items.length > MOST_ITEMS) {
    return { problem: `items is not a list of at most ${MOST_ITEMS}` };
  }
  if (!Array.isArray(errors) || errors.length > MOST_ITEMS) return { problem: 'errors is not a list' };
  const problem =
    problemOf(kind, items) ?? listProblem('errors', errors, ERROR) ?? routesProblem(kind, routes);
  if (problem !== null) return { problem };
  const more = { ...(kind === 'sums' ? { errors } : {}), ...(routes === undefined ? {} : { routes }) };
  return { parcel: { kind, id, items, ...more } as Parcel };
}

/** Absent from applications that do not count routes yet, and if no job was routed. */
function routesProblem(kind: unknown, routes: unknown): string | null {
  if (routes === undefined) return null;
  if (kind === 'events' || kind === 'presence') return `routes do not travel with ${kind}`;
  const { id, items } = (routes ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || !ID.test(id)) return 'routes.id is not a UUID in lower case';
  if (!Array.isArray(items) || items.length > MOST_ITEMS) {
    return `routes.items is not a list of at most ${MOST_ITEMS}`;
  }
  return listProblem('routes.items', items, ROUTE);
}

function problemOf(kind: unknown, items: readonly unknown[]): string | null {
  switch (kind) {
    case 'sums':
      return listProblem('items', items, SUM);
    case 'openings':
      return firstProblem(items, (item, at) => {
        if (readStamp(item) === null) return `items[${at}] is not a stamp`;
        const { lastError = null } = item as { lastError?: unknown };
        return isError(lastError) ? null : `items[${at}].lastError is not a text`;
      });
    case 'ends':
      return firstProblem(items, (item, at) => {
        const { stamp, outcome } = (item ?? {}) as Record<string, unknown>;
        if (readStamp(stamp) === null) return `items[${at}].stamp is not a stamp`;
        return fieldProblem(`items[${at}].outcome`, outcome, OUTCOME);
      });
    case 'events':
      return listProblem('items', items, EVENT);
    case 'presence':
      return listProblem('items', items, PRESENCE);
    default:
      return 'kind is none of sums, openings, ends, events and presence';
  }
}

function listProblem(
  name: string,
  items: readonly unknown[],
  checks: Readonly<Record<string, Check>>,
): string | null {
  return firstProblem(items, (item, at) => fieldProblem(`${name}[${at}]`, item, checks));
}

function firstProblem(
  items: readonly unknown[],
  of: (item: unknown, at: number) => string | null,
): string | null {
  for (const [at, item] of items.entries()) {
    const problem = of(item, at);
    if (problem !== null) return problem;
  }
  return null;
}

function fieldProblem(place: string, item: unknown, checks: Readonly<Record<string, Check>>): string | null {
  if (typeof item !== 'object' || item === null) return `${place} is not an object`;
  for (const [field, is] of Object.entries(checks)) {
    const value: unknown = Reflect.get(item, field);
    if (!is(value)) return `${place}.${field} is ${(JSON.stringify(value) ?? 'missing').slice(0, 60)}`;
  }
  return null;
}

function orNull(is: Check): Check {
  return (value) => value === null || is(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 2 * LONGEST_ERROR;
}

function isShort(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 100;
}

function isName255(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= 255;
}

function isName512(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= 1_024;
}

function isError(value: unknown): boolean {
  return value === null || isText(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Absent from applications that do not count durations yet. */
function isTimes(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return (
    Array.isArray(value) &&
    value.length <= 2 * (LAST_PLACE + 1) &&
    value.length % 2 === 0 &&
    value.every(isCount)
  );
}

/** Does it fit an `integer` of the database? */
function isEpoch(value: unknown): boolean {
  return isCount(value) && (value as number) <= 2_147_483_647;
}

/** Days since 1970, until the year 9999. */
function isDay(value: unknown): boolean {
  return isCount(value) && (value as number) <= LATEST / 86_400_000;
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function isTime(value: unknown): boolean {
  return isCount(value) && (value as number) <= LATEST;
}
