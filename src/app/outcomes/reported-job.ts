import { redact } from '../../lib/redact.ts';
import { cutTo } from '../../lib/text.ts';
import type { ReportedJob } from '../../store/outcomes/outcomes.ts';
import {
  armOf,
  BadValue,
  checkNames,
  type Fields,
  flagOf,
  idOf,
  momentOf,
  nameOf,
  shown,
} from './line-fields.ts';

const LONGEST_ERROR = 300;
/** Largest duration of a job: thirty days. */
const LONGEST_DURATION_MS = 2_592_000_000;

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

/** Reads a job of `rollout record`; throws BadValue for invalid values. */
export function jobOf(fields: Fields, now: Date): ReportedJob {
  checkNames(fields, FIELDS, REQUIRED);
  const id = idOf(fields);
  return {
    feature: nameOf(fields, 'feature'),
    subject: nameOf(fields, 'subject'),
    processor: processorOf(fields),
    ok: flagOf(fields, 'ok'),
    arm: armOf(fields),
    duration_ms: durationOf(fields),
    error: errorOf(fields),
    finished_at: momentOf(fields, 'finished_at', now),
    id,
    will_retry: retryOf(fields, id),
  };
}

function processorOf(fields: Fields): string {
  const processor = nameOf(fields, 'processor');
  if (/^[a-z][a-z0-9_-]*$/.test(processor)) return processor;
  throw new BadValue(
    `processor is ${shown(processor)}; it must be a name such as inngest or github_actions: lower-case letters, digits, _ and -`,
  );
}

/** A retry is recognized by the job's id, and only a failed attempt is followed by one. */
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

function durationOf(fields: Fields): number | null {
  const duration = fields.get('duration_ms') ?? null;
  if (duration === null) return null;
  if (typeof duration === 'number' && duration >= 0 && duration <= LONGEST_DURATION_MS) return duration;
  throw new BadValue(
    `duration_ms is ${shown(duration)}; it must be a number of milliseconds from 0 to ${LONGEST_DURATION_MS} (30 days), without quotes or unit`,
  );
}

/** Error text of a failed job, without apparent secrets, and cut to the stored length. */
function errorOf(fields: Fields): string | null {
  const error = fields.get('error') ?? null;
  if (error === null) return null;
  if (typeof error !== 'string') throw new BadValue(`error is ${shown(error)}; it must be text`);
  const said = cutTo(redact(error.slice(0, 20 * LONGEST_ERROR)).trim(), LONGEST_ERROR);
  return said === '' ? null : said;
}
