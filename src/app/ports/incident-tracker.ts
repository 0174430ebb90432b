/** An incident as an issue: one issue per incident, identified by a hidden mark in its text. */
export interface IncidentIssue {
  /** Identifies the incident among databases that share a repository: `production/12`. */
  incident: string;
  /** Number of the issue when it was last written; null: unknown. */
  number: number | null;
  /** Opening time of the incident; no issue for it is older. */
  opened_at: Date;
  title: string;
  /** Markdown, everything from people escaped. */
  body: string;
  open: boolean;
  /** Owner of the feature, as in the file; null: nobody. */
  owner: string | null;
  /** Comment when the issue is closed; markdown. Null: it is open. */
  closing: string | null;
}

/** The place where people see and discuss incidents. */
export interface IncidentTracker {
  /** Creates or updates the issue. May be repeated without further effect. */
  put(issue: IncidentIssue): Promise<{ number: number; url: string; created: boolean }>;
  /**
   * Removes duplicates that two simultaneous runs may have created: the oldest issue stays, the others are closed.
   * Returns the number of the remaining issue; null: there is none.
   */
  onlyOne(issue: IncidentIssue): Promise<number | null>;
}
