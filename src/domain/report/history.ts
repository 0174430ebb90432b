import type { HistoryAction } from '../spec/vocabulary.ts';

/** A row of history, in every list, export and page under the same names. */
export interface HistoryEntry {
  id: number;
  /** Null: the row is about everything, as a global stop is. */
  feature: string | null;
  action: HistoryAction;
  previous_percentage: number | null;
  new_percentage: number | null;
  reason: string | null;
  /** The actor as claimed. */
  triggered_by: string;
  /** The role the server saw. */
  session_role: string;
  /** Who it was, as proved to the server that wrote the row; null: nobody proved it. */
  verified_by: string | null;
  /** Commit of the file that was applied. */
  revision: string | null;
  epoch: number | null;
  metadata: Record<string, unknown>;
  created_at: Date;
  digest: string;
}

/** A row as pages show it below its feature: without what only the chain and the export need. */
export type ShownEntry = Omit<HistoryEntry, 'feature' | 'epoch' | 'metadata' | 'digest'>;

export function shownEntry({ feature, epoch, metadata, digest, ...shown }: HistoryEntry): ShownEntry {
  return shown;
}
