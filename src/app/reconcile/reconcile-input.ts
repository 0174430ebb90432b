import type { AdoptedFile } from './file/plain-file-guard.ts';

export interface ReconcileInput {
  actor: string;
  /** Apply a tip that does not descend from the one applied last. */
  allowRewind: boolean;
  /** The commit the caller believes to be the tip; another one is refused. Null: whatever the tip is. */
  revision: string | null;
  /** A plain file that a person answers for, in a database that commits govern. */
  adopted?: AdoptedFile | undefined;
  /** What a person asked for, and why: the reason stands in the history of these features. */
  asked?: { features: readonly string[]; reason: string | undefined } | undefined;
  /** For the history rows, such as the pull request; asked with the tip, and only where something is written. */
  metadata?: object | ((tip: string | null) => Promise<object>);
}
