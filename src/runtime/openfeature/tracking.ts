import type { EvaluationContext, TrackingEventDetails } from '@openfeature/server-sdk';
import type { JobEnd, Stamp } from '../host/job.ts';

/** The processor of a job that was neither routed nor names one. */
const PROCESSOR = 'application';

/**
 * Reads a tracking event as the end of a job: the name is the feature, `targetingKey` the subject.
 *
 * From the details: `stamp` as returned by `route`, otherwise `processor`. `ok` is the result; left out, the job
 * succeeded unless there is an `error`. `value` is the duration in milliseconds. Null: it names no subject.
 */
export function endOf(
  feature: string,
  context: EvaluationContext,
  details: TrackingEventDetails | undefined,
): JobEnd | null {
  const { stamp, ok, error, value, processor } = details ?? {};
  const ended = {
    ok: typeof ok === 'boolean' ? ok : error === undefined || error === null,
    durationMs: typeof value === 'number' ? value : null,
    error,
  };
  // The recorder validates it: a payload can contain anything.
  if (stamp !== undefined && stamp !== null) return { stamp: stamp as unknown as Stamp, ...ended };
  const subject = context.targetingKey;
  if (typeof subject !== 'string' || subject === '') return null;
  return { feature, subject, processor: typeof processor === 'string' ? processor : PROCESSOR, ...ended };
}
