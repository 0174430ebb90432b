import type { Problem } from '../../domain/spec/problem.ts';
import { harmless } from '../../lib/text.ts';

/** `rollout.yaml:12:5: error: percentage is 101; ...`, the form editors and terminals turn into a link. */
export function formatProblem(problem: Problem, file: string): string {
  return `${harmless(file, 1_000)}:${problem.line}:${problem.column}: ${problem.severity}: ${problem.message}`;
}
