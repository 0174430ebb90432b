import type { ImportResult } from '../plan/registry-change.ts';

/** A line of an input that was left out, and why. */
export interface BadLine {
  line: number;
  message: string;
}

export interface ImportReport extends ImportResult {
  /** Bad lines that were left out, at most 100 of them. */
  skipped: BadLine[];
  skipped_count: number;
  ignored_columns: string[];
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
