import type { ImportResult } from '../plan/registry-change.ts';

/** A skipped line of an input, and why. */
export interface BadLine {
  line: number;
  message: string;
}

export interface ImportReport extends ImportResult {
  /** Skipped bad lines, at most 100. */
  skipped: BadLine[];
  skipped_count: number;
  ignored_columns: string[];
}

/** Results of imported outcomes and events, one per line. */
export interface RecordReport {
  recorded: number;
  /** Lines skipped because their id was seen before. */
  repeated: number;
  /** Attempts that another one follows: they count by the last one. */
  kept: number;
  /** Skipped bad lines, at most 100. */
  skipped: BadLine[];
  skipped_count: number;
}
