import { warningsAt } from '../config/warnings-at.ts';
import type { Incident } from '../domain/incident.ts';
import type { Problem } from '../domain/problem.ts';
import type { FileText, LoadedFile } from './desired.ts';

/** Warns of entries that resume an incident which is not open: that says nothing, and nothing may be read into it. */
export function staleResumes(
  { content }: FileText,
  { config }: LoadedFile,
  incidents: readonly Incident[],
): Problem[] {
  const open = new Map(
    incidents.filter(({ state }) => state === 'open').map(({ feature, id }) => [feature, id]),
  );
  const stale = [...config.resumes].filter(([feature, incident]) => open.get(feature) !== incident);
  return warningsAt(
    content,
    stale.map(([feature, incident]) => ({
      path: ['features', feature, 'resumes'],
      message: `resumes: ${incident} has no effect: incident ${incident} of ${feature} is not open; remove the line`,
    })),
  );
}
