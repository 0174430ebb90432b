/** An incident as an issue: one an incident, found again by what is hidden in its text. */
export interface IncidentIssue {
  /** Tells it apart from those of other databases with the same repository: `production/12`. */
  incident: string;
  /** What it was the last time; null: none is known. */
  number: number | null;
  /** No issue of it is older. */
  opened_at: Date;
  title: string;
  /** Markdown, everything from people escaped. */
  body: string;
  open: boolean;
  /** Of the feature, as the file names it; null: nobody. */
  owner: string | null;
  /** Said once, when it is closed; markdown. */
  closing: string | null;
}

/** Where people see incidents and talk about them. */
export interface IncidentTracker {
  /** Brings the issue to what it should be, creating it where there is none. May be repeated; nothing happens twice. */
  put(issue: IncidentIssue): Promise<{ number: number; url: string; created: boolean }>;
  /**
   * Two runs of the same moment may have made one each: the oldest stays, the others are closed as its duplicates.
   * The number of the one that stays; null: there is none.
   */
  onlyOne(issue: IncidentIssue): Promise<number | null>;
}
