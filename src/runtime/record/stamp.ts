import { ARMS, type Arm } from '../../domain/evidence/outcomes.ts';
import { refusedCharacter } from '../../domain/spec/subject-id.ts';
import { isId } from '../decide/decider.ts';
import type { Stamp } from '../host/job.ts';

/** Longest name of a processor or a class that fits beside a subject's id into the database's keys. */
const LONGEST_NAME = 100;
const LARGEST_EPOCH = 2_147_483_647;
/** The year 9999: PostgreSQL formats later times differently. */
const LATEST = 253_402_300_799_000;

/**
 * Returns the stamp that came back with a job; null if it is invalid. Anybody with access to the queue may have written
 * it.
 */
export function readStamp(value: unknown): Stamp | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, feature, subject, processor, arm, epoch, job_class, category, routed_at } = value as Partial<
    Record<keyof Stamp, unknown>
  >;
  const read =
    isText(id, 200) &&
    refusedCharacter(id) === null &&
    isText(feature, 255) &&
    isId(subject) &&
    isName(processor) &&
    ARMS.includes(arm as Arm) &&
    isWhole(epoch, LARGEST_EPOCH) &&
    isText(job_class ?? '', LONGEST_NAME, true) &&
    isText(category ?? '', LONGEST_NAME, true) &&
    isWhole(routed_at, LATEST);
  if (!read) return null;
  return {
    id,
    feature,
    subject,
    processor,
    arm: arm as Arm,
    epoch,
    job_class: (job_class ?? '') as string,
    category: (category ?? '') as string,
    routed_at,
  };
}

/** Is this a valid name of a processor? */
export function isName(value: unknown): value is string {
  return isText(value, LONGEST_NAME);
}

function isText(value: unknown, longest: number, orEmpty = false): value is string {
  return typeof value === 'string' && value.length <= longest && (orEmpty || value.length > 0);
}

function isWhole(value: unknown, largest: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= largest;
}
