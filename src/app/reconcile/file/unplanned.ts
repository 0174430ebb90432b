import type { PlanResult } from '../../../domain/plan/result.ts';
import type { Problem } from '../../../domain/spec/problem.ts';
import { type FileText, loadFile } from './desired.ts';

/** Returns only the problems of a file that could not be compared. */
export function validated(text: FileText): PlanResult {
  const loaded = loadFile(text);
  if (!loaded.ok) return nothingPlanned(loaded.problems, text.revision);
  const { problems, config } = loaded.file;
  return { ...nothingPlanned(problems, text.revision), environment: config.environment };
}

/** Returns a plan without changes, for a file that is invalid or missing. */
export function nothingPlanned(problems: Problem[], revision: string | null): PlanResult {
  return {
    changes: [],
    problems,
    revision,
    environment: null,
    test_repositories: { added: [], removed: [] },
    freezes: { added: [], removed: [] },
    movements: [],
    generation: null,
    global_stop: null,
    heartbeat: null,
    now: null,
    refused: null,
  };
}
