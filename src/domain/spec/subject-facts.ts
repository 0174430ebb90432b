import { subjectProblem } from './subject-id.ts';

/** The largest count that the registry keeps. */
export const LARGEST_COUNT = 2_147_483_647;

/** The rule that a text breaks as the name of a repository, to follow "it"; null where it can be one. */
export function repositoryNameProblem(text: string): string | null {
  if (!/^[^/\s]+\/[^/\s]+$/.test(text)) return 'must be owner/name';
  return subjectProblem(text);
}

/** The rule that a text breaks as a count of stars, contributors or pull requests, to follow "it". */
export function countProblem(text: string): string | null {
  if (/^(?:0|[1-9]\d{0,9})$/.test(text) && Number(text) <= LARGEST_COUNT) return null;
  return `must be a whole number from 0 to ${LARGEST_COUNT}, or empty`;
}
