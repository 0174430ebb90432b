import { nearest } from '../../config/base/nearest.ts';
import { ARMS, type Arm } from '../../domain/evidence/outcomes.ts';
import { refusedCharacter, subjectProblem } from '../../domain/spec/subject-id.ts';
import { redact } from '../../lib/redact.ts';
import { harmless, oneOf, quoted } from '../../lib/text.ts';
import { DAY_MS } from '../../lib/time.ts';

const LONGEST = { feature: 255, subject: 512, processor: 100, metric: 100, id: 200 } as const;
/** Days for which outcomes are kept; older ones would be removed by the next cleanup. */
const OLDEST_DAYS = 90;

/** An invalid value of a line: what was found, and what would be right. */
export class BadValue extends Error {}

/** The fields of one line, by name. */
export type Fields = ReadonlyMap<string, unknown>;

/** Returns the fields of a line of JSON; throws BadValue if it is not an object. */
export function fieldsOf(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    const hint = /[:[,\s-](?:NaN|Infinity)\b/.test(text) ? ', and JSON has neither NaN nor Infinity' : '';
    throw new BadValue(`it is ${shown(text.trim())}; it must be a JSON object on one line${hint}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadValue(`it is ${shown(value)}; it must be a JSON object on one line`);
  }
  return new Map(Object.entries(value));
}

/** Throws BadValue for an unknown field, and for a missing required one. */
export function checkNames(fields: Fields, known: readonly string[], required: readonly string[]): void {
  for (const name of fields.keys()) if (!known.includes(name)) throw new BadValue(unknownField(name, known));
  const missing = required.find((name) => fields.get(name) === undefined || fields.get(name) === null);
  if (missing === undefined) return;
  const all = `${required.slice(0, -1).join(', ')} and ${required.at(-1)}`;
  throw new BadValue(
    `${missing} is missing; every ${known.includes('metric') ? 'event' : 'line'} needs ${all}`,
  );
}

function unknownField(name: string, known: readonly string[]): string {
  const retries = known.includes('will_retry') && /^(?:is_?)?retr(?:y|ies|ied|ying)$/i.test(name);
  const meant = retries ? 'will_retry' : nearest(name, known);
  return `${quoted(name, 40)} is not a field; ${meant === null ? `there are ${known.join(', ')}` : `did you mean ${meant}?`}`;
}

/** Accepts text, or a whole number that lost no digits, because many ids are numbers. */
export function nameOf(fields: Fields, field: keyof typeof LONGEST): string {
  const value = fields.get(field);
  if (typeof value !== 'string' && !Number.isSafeInteger(value)) {
    throw new BadValue(
      `${field} is ${shown(value)}; it must be text (put an id that is a long number in quotes)`,
    );
  }
  const name = String(value);
  if (name.trim() === '') throw new BadValue(`${field} is empty`);
  if (field === 'subject') {
    const problem = subjectProblem(name);
    if (problem !== null) throw new BadValue(`subject is ${shown(name)}; it ${problem}`);
    return name;
  }
  if (name.length > LONGEST[field]) {
    throw new BadValue(`${field} has ${name.length} characters; at most ${LONGEST[field]} are allowed`);
  }
  const refused = refusedCharacter(name);
  if (refused !== null) throw new BadValue(`${field} is ${shown(name)}; it must not contain ${refused}`);
  return name;
}

/** Returns the id of a line; null if it has none. */
export function idOf(fields: Fields): string | null {
  return (fields.get('id') ?? null) === null ? null : nameOf(fields, 'id');
}

/** Accepts `true` or `false` only, not values that resemble them. */
export function flagOf(fields: Fields, field: string): boolean {
  const value = fields.get(field);
  if (typeof value === 'boolean') return value;
  throw new BadValue(`${field} is ${shown(value)}; it must be true or false, without quotes`);
}

export function armOf(fields: Fields): Arm | null {
  const arm = fields.get('arm') ?? null;
  if (arm === null) return null;
  const known = ARMS.find((one) => one === arm);
  if (known) return known;
  throw new BadValue(
    `arm is ${shown(arm)}; it must be ${oneOf(ARMS)}, or left out for what the subject is now`,
  );
}

/** A clock that is less than a day ahead does not invalidate the job: the database counts it as now. */
export function momentOf(fields: Fields, field: string, now: Date): number | null {
  const text = fields.get(field) ?? null;
  if (text === null) return null;
  const at = typeof text === 'string' && isMoment(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new BadValue(
      `${field} is ${shown(text)}; it must be a time with its zone, such as ${now.toISOString().slice(0, 19)}Z`,
    );
  }
  if (at > now.getTime() + DAY_MS) {
    throw new BadValue(`${field} is ${shown(text)}, more than a day ahead of ${now.toISOString()}`);
  }
  if (at < now.getTime() - OLDEST_DAYS * DAY_MS) {
    throw new BadValue(`${field} is ${shown(text)}; outcomes older than ${OLDEST_DAYS} days are not kept`);
  }
  return at;
}

/** JavaScript reads February 31 as March 3. */
function isMoment(text: string): boolean {
  const [, day = ''] =
    /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/.exec(text) ?? [];
  const midnight = new Date(`${day}T00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().slice(0, 10) === day;
}

/** Formats a value for messages: short, without control characters and without apparent secrets. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(redact(value.slice(0, 1_000)), 40);
  return harmless(redact(JSON.stringify(value).slice(0, 1_000)), 40);
}
