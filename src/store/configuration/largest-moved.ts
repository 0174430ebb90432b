import { type AudienceChange, type MovedSubject, testsThatDecide } from '../../domain/plan/impact.ts';
import type { ResolvedExposure } from '../../domain/spec/spec.ts';
import { audienceColumns } from '../db/audience.ts';
import type { Queryable } from '../db/client.ts';
import {
  admits,
  entering,
  FIELDS,
  leaving,
  NOBODY,
  REGISTRY,
  SUBJECT,
  TYPES,
  valuesOf,
  worldAfter,
} from './impact.ts';

/**
 * Returns the largest subjects that each of these changes moves: by stars, then by id. The largest of the registry are
 * searched first, for all changes at once; the whole registry is searched only for a change that moves fewer of them.
 */
export async function largestMoved(
  db: Queryable,
  changes: readonly AudienceChange[],
  limit: number,
): Promise<MovedSubject[][]> {
  const plain = changes.flatMap((change, place) =>
    change.before.subject === change.after.subject && !testsThatDecide(change) ? [{ change, place }] : [],
  );
  const found = await amongLargest(
    db,
    plain.map(({ change }) => change),
    limit,
  );
  const known = new Map(plain.map(({ place }, nth) => [place, found[nth] ?? []]));
  const largest: MovedSubject[][] = [];
  for (const [place, change] of changes.entries()) {
    const those = known.get(place) ?? [];
    largest.push(those.length === limit ? those : await searchMoved(db, change, limit));
  }
  return largest;
}

/** Subjects that are searched before the rest of the registry. */
const LARGEST_LOOKED_AT = 2_000;

async function amongLargest(
  db: Queryable,
  changes: readonly AudienceChange[],
  limit: number,
): Promise<MovedSubject[][]> {
  const found = changes.map((): MovedSubject[] => []);
  for (const subject of ['repository', 'customer'] as const) {
    const own = changes.flatMap((change, place) => (change.after.subject === subject ? [place] : []));
    // A single change is searched for in the whole registry just as quickly.
    if (own.length < 2) continue;
    const exposures = (side: 'before' | 'after') =>
      JSON.stringify(own.map((place) => columnsOf(changes[place]?.[side].exposure ?? NOBODY)));
    const { rows } = await db.query<MovedSubject & { place: number }>(
      `with largest as materialized (
         select * from ${REGISTRY[subject]} s order by size desc nulls last, id limit ${LARGEST_LOOKED_AT}
       )
       select a.place::integer, m.* from rows from (
         jsonb_to_recordset($1) as (${RECORD}), jsonb_to_recordset($2) as (${RECORD})
       ) with ordinality a(${['was', 'now'].map((side) => FIELDS.map((field) => `${side}_${field}`).join(', ')).join(', ')}, place)
       cross join lateral (
         select id, name, category, is_in as enters from (
           select *, ${admitsBy('a.was_')} as was_in, ${admitsBy('a.now_')} as is_in from largest s
         ) s where was_in <> is_in order by size desc nulls last, id limit $3
       ) m order by a.place`,
      [exposures('before'), exposures('after'), limit],
    );
    for (const { place, ...moved } of rows) found[own[place - 1] ?? -1]?.push(moved);
  }
  return found;
}

async function searchMoved(db: Queryable, change: AudienceChange, limit: number): Promise<MovedSubject[]> {
  if (change.before.subject === change.after.subject) {
    return (await largestOf(db, change, limit)).map(withoutSize);
  }
  const moved = [
    ...(await largestOf(db, leaving(change), limit)),
    ...(await largestOf(db, entering(change), limit)),
  ];
  // Only repositories have a size, so customers come last.
  return moved
    .sort((a, b) => (b.size ?? -1) - (a.size ?? -1) || Number(b.enters) - Number(a.enters))
    .slice(0, limit)
    .map(withoutSize);
}

type MovedSized = MovedSubject & { size: number | null };

async function largestOf(db: Queryable, change: AudienceChange, limit: number): Promise<MovedSized[]> {
  const { before, after } = change;
  const world = worldAfter(after.subject, testsThatDecide(change), 20);
  const is = admits(10, { ...SUBJECT, category: world.category });
  const { rows } = await db.query<MovedSized>(
    `select id, name, category, size, is_in as enters
     from (select id, name, ${world.category} as category, size, ${admits(1)} as was_in, ${is} as is_in from ${world.registry} s) moved
     where was_in <> is_in order by size desc nulls last, id limit $19`,
    [...valuesOf(before.exposure ?? NOBODY), ...valuesOf(after.exposure ?? NOBODY), limit, ...world.values],
  );
  return rows;
}

function withoutSize({ size, ...moved }: MovedSized): MovedSubject {
  return moved;
}

/** Returns an exposure by column names. */
function columnsOf(exposure: ResolvedExposure): object {
  return { ...exposure, ...audienceColumns(exposure) };
}

/** The column definitions of an exposure's record. */
const RECORD = FIELDS.map((field, index) => `${field} ${TYPES[index]}`).join(', ');

/** Returns the call of the predicate, with fields from columns that begin with `prefix`. */
function admitsBy(prefix: string): string {
  const fields = FIELDS.map((field) => `${prefix}${field}`);
  return `rollout_admits(${fields.join(', ')}, ${SUBJECT.id}, ${SUBJECT.name}, ${SUBJECT.category}, ${SUBJECT.facts})`;
}
