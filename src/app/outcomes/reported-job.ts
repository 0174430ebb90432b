import { nearest } from '../../config/base/nearest.ts';
import { ARMS, type Arm } from '../../domain/evidence/outcomes.ts';
import { refusedCharacter, subjectProblem } from '../../domain/spec/subject-id.ts';
import { redact } from '../../lib/redact.ts';
import { cutTo, harmless, oneOf, quoted } from '../../lib/text.ts';
import { DAY_MS } from '../../lib/time.ts';
import type { ReportedJob } from '../../store/outcomes/outcomes.ts';

const LONGEST = { feature: 255, subject: 512, processor: 100, id: 200 } as const;
const LONGEST_ERROR = 300;
/** No job takes longer: thirty days. */
const LONGEST_DURATION_MS = 2_592_000_000;
/** Outcomes are kept for this long, so what is older would be gone with the next clearing. */
const OLDEST_DAYS = 90;

const FIELDS = [
  'feature',
  'subject',
  'processor',
  'ok',
  'arm',
  'duration_ms',
  'error',
  'finished_at',
  'id',
  'will_retry',
];
const REQUIRED = ['feature', 'subject', 'processor', 'ok'];

/** One line of `rollout record`, or what is wrong with it: what was found, and what would be right. */
export function readReport(text: string, now: Date): ReportedJob | { problem: string } {
  try {
    return reportOf(fieldsOf(text), now);
  } catch (error) {
    if (error instanceof BadValue) return { problem: error.message };
    throw error;
  }
}

class BadValue extends Error {}

type Fields = ReadonlyMap<string, unknown>;

function fieldsOf(text: string): Fields {
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
  const fields = new Map(Object.entries(value));
  for (const name of fields.keys()) if (!FIELDS.includes(name)) throw new BadValue(unknownField(name));
  const missing = REQUIRED.find((name) => fields.get(name) === undefined || fields.get(name) === null);
  if (missing !== undefined) {
    throw new BadValue(`${missing} is missing; every line needs feature, subject, processor and ok`);
  }
  return fields;
}

function unknownField(name: string): string {
  const meant = /^(?:is_?)?retr(?:y|ies|ied|ying)$/i.test(name) ? 'will_retry' : nearest(name, FIELDS);
  return `${quoted(name, 40)} is not a field; ${meant === null ? `there are ${FIELDS.join(', ')}` : `did you mean ${meant}?`}`;
}

function reportOf(fields: Fields, now: Date): ReportedJob {
  const id = fields.get('id') === undefined || fields.get('id') === null ? null : nameOf(fields, 'id');
  return {
    feature: nameOf(fields, 'feature'),
    subject: nameOf(fields, 'subject'),
    processor: processorOf(fields),
    ok: okOf(fields),
    arm: armOf(fields),
    duration_ms: durationOf(fields),
    error: errorOf(fields),
    finished_at: finishOf(fields, now),
    id,
    will_retry: retryOf(fields, id),
  };
}

/** Text, or a whole number that lost no digits: many ids are numbers. */
function nameOf(fields: Fields, field: keyof typeof LONGEST): string {
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

function processorOf(fields: Fields): string {
  const processor = nameOf(fields, 'processor');
  if (/^[a-z][a-z0-9_-]*$/.test(processor)) return processor;
  throw new BadValue(
    `processor is ${shown(processor)}; it must be a name such as inngest or github_actions: lower-case letters, digits, _ and -`,
  );
}

function okOf(fields: Fields): boolean {
  const ok = fields.get('ok');
  if (typeof ok === 'boolean') return ok;
  throw new BadValue(`ok is ${shown(ok)}; it must be true or false, without quotes`);
}

/** An attempt is known again by the job's id, and only a failed one is tried again. */
function retryOf(fields: Fields, id: string | null): boolean {
  const retry = fields.get('will_retry') ?? false;
  if (retry === false) return false;
  if (retry !== true) {
    throw new BadValue(`will_retry is ${shown(retry)}; it must be true or false, without quotes`);
  }
  if (fields.get('ok') === true) throw new BadValue('will_retry is true, but ok is true: the job ended well');
  if (id === null) throw new BadValue('will_retry needs an id, by which the last attempt is known');
  return true;
}

function armOf(fields: Fields): Arm | null {
  const arm = fields.get('arm') ?? null;
  if (arm === null) return null;
  const known = ARMS.find((one) => one === arm);
  if (known) return known;
  throw new BadValue(
    `arm is ${shown(arm)}; it must be ${oneOf(ARMS)}, or left out for what the subject is now`,
  );
}

function durationOf(fields: Fields): number | null {
  const duration = fields.get('duration_ms') ?? null;
  if (duration === null) return null;
  if (typeof duration === 'number' && duration >= 0 && duration <= LONGEST_DURATION_MS) return duration;
  throw new BadValue(
    `duration_ms is ${shown(duration)}; it must be a number of milliseconds from 0 to ${LONGEST_DURATION_MS} (30 days), without quotes or unit`,
  );
}

/** What a failed job said, without what looks like a secret, and never more than is kept. */
function errorOf(fields: Fields): string | null {
  const error = fields.get('error') ?? null;
  if (error === null) return null;
  if (typeof error !== 'string') throw new BadValue(`error is ${shown(error)}; it must be text`);
  const said = cutTo(redact(error.slice(0, 20 * LONGEST_ERROR)).trim(), LONGEST_ERROR);
  return said === '' ? null : said;
}

/** A clock that is ahead by less than a day is not the job's fault: the database counts it as now. */
function finishOf(fields: Fields, now: Date): number | null {
  const text = fields.get('finished_at') ?? null;
  if (text === null) return null;
  const at = typeof text === 'string' && isMoment(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new BadValue(
      `finished_at is ${shown(text)}; it must be a time with its zone, such as ${now.toISOString().slice(0, 19)}Z`,
    );
  }
  if (at > now.getTime() + DAY_MS) {
    throw new BadValue(`finished_at is ${shown(text)}, more than a day ahead of ${now.toISOString()}`);
  }
  if (at < now.getTime() - OLDEST_DAYS * DAY_MS) {
    throw new BadValue(`finished_at is ${shown(text)}; outcomes older than ${OLDEST_DAYS} days are not kept`);
  }
  return at;
}

/** JavaScript takes February 31 for March 3. */
function isMoment(text: string): boolean {
  const [, day = ''] =
    /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/.exec(text) ?? [];
  const midnight = new Date(`${day}T00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().slice(0, 10) === day;
}

/** A value as it may be shown: short, harmless, and without what looks like a secret. */
function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(redact(value.slice(0, 1_000)), 40);
  return harmless(redact(JSON.stringify(value).slice(0, 1_000)), 40);
}
