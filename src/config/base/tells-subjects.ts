import type { MetricEntry } from './schema-types.ts';

/** Do this metric's events name subjects? Only then is it visible whether they come in bursts. */
export function tellsSubjects({ source, subject_label }: MetricEntry): boolean {
  return source !== 'prometheus' || subject_label !== undefined;
}
