import type { PlanResult } from '../../../domain/plan/result.ts';
import type { Problem } from '../../../domain/spec/problem.ts';
import { type FileText, loadFile } from './desired.ts';

/** The problems of a file and nothing else, where it could not be compared. */
export function validated(text: FileText): PlanResult {
  const loaded = loadFile(text);
  if (!loaded.ok) return nothingPlanned(loaded.problems, text.revision);
  const { problems, config } = loaded.file;
  return { ...nothingPlanned(problems, text.revision), environment: config.environment };
}

/** A plan without any change: of a file that is wrong, or that is not there. */
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
