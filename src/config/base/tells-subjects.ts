import type { MetricEntry } from './schema-types.ts';

/** Only events of known subjects show whether they come in bursts. */
export function tellsSubjects({ source, subject_label }: MetricEntry): boolean {
  return source !== 'prometheus' || subject_label !== undefined;
}
