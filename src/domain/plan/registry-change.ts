import type { Movement } from './impact.ts';

/** Subjects that a file, or the application's own tables, brought into the registry. */
export interface ImportResult {
  received: number;
  /** Lines left out because an earlier one has the same id or name. */
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
  /** Subjects of the view `rollout_repository_source`; null where the view does not exist. */
  source: ImportResult | null;
}
