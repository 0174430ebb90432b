import { problemsAt } from '../../../config/read/problems-at.ts';
import type { Incident } from '../../../domain/spec/incident.ts';
import type { Problem } from '../../../domain/spec/problem.ts';
import type { FileText, LoadedFile } from './desired.ts';

/**
 * Warns of entries that resume an incident which is not open: they have no effect. A settled incident is resumed by
 * such a line only if the file or the settling change is in no commit, and then with a permit.
 */
export function staleResumes(
  { content }: FileText,
  { config }: LoadedFile,
  incidents: readonly Incident[],
): Problem[] {
  const resumable = incidents.filter(({ state, permit }) => state === 'open' || permit !== null);
  const known = new Set(resumable.map(({ feature, id }) => `${feature} ${id}`));
  const stale = [...config.resumes].filter(([feature, incident]) => !known.has(`${feature} ${incident}`));
  return problemsAt(
    content,
    stale.map(([feature, incident]) => ({
      severity: 'warning',
      path: ['features', feature, 'resumes'],
      message: `resumes: ${incident} has no effect: incident ${incident} of ${feature} is not open; remove the line`,
    })),
  );
}
