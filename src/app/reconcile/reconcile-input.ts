import type { AdoptedFile } from './file/plain-file-guard.ts';

export interface ReconcileInput {
  actor: string;
  /** True: apply a tip that does not descend from the last applied commit. */
  allowRewind: boolean;
  /** The commit that the caller believes to be the tip; another one is refused. Null: any tip. */
  revision: string | null;
  /** A plain file that a person adopts in a database that commits govern. */
  adopted?: AdoptedFile | undefined;
  /** A person's request and its reason, which is recorded in the history of these features. */
  asked?: { features: readonly string[]; reason: string | undefined } | undefined;
  /**
   * Metadata of the history rows, such as the pull request; computed from the tip, and only if something is written.
   */
  metadata?: object | ((tip: string | null) => Promise<object>);
}
