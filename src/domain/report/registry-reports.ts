import type { Movement } from '../plan/impact.ts';

/** A line of an input that was left out, and why. */
export interface BadLine {
  line: number;
  message: string;
}

/** What a file, or the application's own tables, brought into the registry. */
export interface ImportResult {
  received: number;
  /** Lines left out because an earlier one has the same id or name. */
  repeated: number;
  added: number;
  changed: number;
  unchanged: number;
  movements: Movement[];
}

export interface ImportReport extends ImportResult {
  /** Bad lines that were left out, at most 100 of them. */
  skipped: BadLine[];
  skipped_count: number;
  ignored_columns: string[];
}

export interface CategorizeResult {
  changed: number;
  movements: Movement[];
}

export interface CategorizeReport extends CategorizeResult {
  /** What the view `rollout_repository_source` brought; null where there is no such view. */
  source: ImportResult | null;
}

/** Results of outcomes and events that were read, one per line. */
export interface RecordReport {
  recorded: number;
  /** Left out because their id was seen before. */
  repeated: number;
  /** Attempts after which another one follows: they count by the last one. */
  kept: number;
  /** Bad lines that were left out, at most 100 of them. */
  skipped: BadLine[];
  skipped_count: number;
}
