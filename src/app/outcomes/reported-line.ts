import type { Observation } from '../../store/guardrails/observation.ts';
import type { ReportedJob } from '../../store/outcomes/outcomes.ts';
import { BadValue, fieldsOf } from './line-fields.ts';
import { eventOf } from './reported-event.ts';
import { jobOf } from './reported-job.ts';

/** Content of one line of `rollout record`: a job, an event, or an error. */
export type ReportedLine = { job: ReportedJob } | { event: Observation } | { problem: string };

/** Reads one line. A line with a `metric` is an event; any other is a job. */
export function readLine(text: string, now: Date): ReportedLine {
  try {
    const fields = fieldsOf(text);
    return fields.has('metric') ? { event: eventOf(fields, now) } : { job: jobOf(fields, now) };
  } catch (error) {
    if (error instanceof BadValue) return { problem: error.message };
    throw error;
  }
}
