import type { EvaluationContext, TrackingEventDetails } from '@openfeature/server-sdk';
import type { JobEnd, Stamp } from '../host/job.ts';

/** The processor of a job that was not routed and does not say which one it had. */
const PROCESSOR = 'application';

/**
 * A tracking event as the end of a job: the name is the feature, `targetingKey` the subject.
 *
 * Of the details: `stamp` as `route` gave it; else `processor`. `ok` says how it ended, and left out it ended well
 * unless there is an `error`. `value` is how long it took, in milliseconds. Null: it says of no subject.
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
  // The recorder looks at what it was handed: a payload can hold anything.
  if (stamp !== undefined && stamp !== null) return { stamp: stamp as unknown as Stamp, ...ended };
  const subject = context.targetingKey;
  if (typeof subject !== 'string' || subject === '') return null;
  return { feature, subject, processor: typeof processor === 'string' ? processor : PROCESSOR, ...ended };
}
