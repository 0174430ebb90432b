import type { EvidenceRow } from '../../../src/domain/health/health.ts';

/** Minutes since 1970 of 2026-11-22 10:00 UTC. */
export const TEN = Date.UTC(2026, 10, 22, 10) / 60_000;

/** Rows from [minutes after ten, jobs, errors, control jobs, control errors, category]. */
export function rows(...list: [number, number, number, number?, number?, string?][]): EvidenceRow[] {
  return list.map(([after, jobs, errors, controlJobs = 0, controlErrors = 0, category = 'small']) => ({
    minute: TEN + after,
    category,
    jobs,
    errors,
    controlJobs,
    controlErrors,
  }));
}

/** The clean quarter hours of `hours` hours before ten: 10 jobs each, none failed. */
export function quiet(hours: number): EvidenceRow[] {
  return rows(
    ...Array.from({ length: hours * 4 }, (_, i): [number, number, number] => [i * 15 - hours * 60, 10, 0]),
  );
}
