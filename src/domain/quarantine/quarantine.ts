/** Least limit of one epoch, whatever the number of subjects. */
const LEAST = 3;
const SHARE = 0.01;

/** Returns how many of an epoch's `exposed` subjects may enter quarantine: 1%, but at least three. */
export function quarantineLimit(exposed: number): number {
  return Math.max(LEAST, Math.floor(exposed * SHARE));
}

/** A subject in quarantine: out of a feature, whatever its file says, until a person releases it. */
export interface Quarantined {
  feature: string;
  /** Id of the subject. */
  subject: string;
  /** `owner/name` of a repository, or a customer's name; null if the registry has none. */
  name: string | null;
  reason: string;
  jobs: number;
  failed: number;
  began_at: Date;
  began_by: string;
  /** State of the blacklist entry in the file. */
  write_back: 'pending' | 'proposed' | 'done' | 'not_needed';
  write_back_pull_request: number | null;
  write_back_error: string | null;
}

/** Returns the display name of the subject. */
export function calledBy({ subject, name }: Pick<Quarantined, 'subject' | 'name'>): string {
  return name ?? subject;
}
