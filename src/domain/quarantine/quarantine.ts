/** Subjects that may be put into quarantine in one epoch, whatever their number. */
const LEAST = 3;
const SHARE = 0.01;

/** How many subjects of an epoch may be put into quarantine, of so many that are exposed: 1%, and three at least. */
export function quarantineLimit(exposed: number): number {
  return Math.max(LEAST, Math.floor(exposed * SHARE));
}

/** A subject in quarantine: out of a feature, whatever the file says of it, until a person releases it. */
export interface Quarantined {
  feature: string;
  /** Its id. */
  subject: string;
  /** `owner/name` of a repository, a customer's name; null where the registry has none. */
  name: string | null;
  reason: string;
  jobs: number;
  failed: number;
  began_at: Date;
  began_by: string;
  /** Does the file blacklist it? */
  write_back: 'pending' | 'proposed' | 'done' | 'not_needed';
  write_back_pull_request: number | null;
  write_back_error: string | null;
}

/** What people call it. */
export function calledBy({ subject, name }: Pick<Quarantined, 'subject' | 'name'>): string {
  return name ?? subject;
}
