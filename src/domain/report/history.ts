import type { HistoryAction } from '../spec/vocabulary.ts';

/** A row of history, with the same field names in every list, export and page. */
export interface HistoryEntry {
  id: number;
  /** Feature; null: the row is global, such as a global stop. */
  feature: string | null;
  action: HistoryAction;
  previous_percentage: number | null;
  new_percentage: number | null;
  reason: string | null;
  /** The claimed actor. */
  triggered_by: string;
  /** The role that the database server saw. */
  session_role: string;
  /** The actor as verified by the server that wrote the row; null: not verified. */
  verified_by: string | null;
  /** Commit of the applied file. */
  revision: string | null;
  epoch: number | null;
  metadata: Record<string, unknown>;
  created_at: Date;
  digest: string;
}

/** A row as shown below its feature: without the fields that only the chain and the export need. */
export type ShownEntry = Omit<HistoryEntry, 'feature' | 'epoch' | 'metadata' | 'digest'>;

export function shownEntry({ feature, epoch, metadata, digest, ...shown }: HistoryEntry): ShownEntry {
  return shown;
}
