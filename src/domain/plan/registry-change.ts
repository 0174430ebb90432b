import type { Movement } from './impact.ts';

/** Subjects that a file, or the application's own tables, added to the registry. */
export interface ImportResult {
  received: number;
  /** Lines skipped because an earlier one has the same id or name. */
  repeated: number;
  added: number;
  changed: number;
  unchanged: number;
  movements: Movement[];
}

export interface CategorizeResult {
  changed: number;
  movements: Movement[];
}

export interface CategorizeReport extends CategorizeResult {
  /** Subjects of the view `rollout_repository_source`; null if the view does not exist. */
  source: ImportResult | null;
}
