import { harmless } from '../../lib/text.ts';

export { count, counted } from '../../lib/counted.ts';

/** `12.5%`; at most two decimals. If the whole is 0: `0%`. */
export function share(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (part / whole) * 100;
  return `${Math.round(percent * 100) / 100}%`;
}

/** The first characters of a commit. */
export function commit(revision: string | null): string {
  return revision === null ? 'no commit' : harmless(revision.slice(0, 10));
}

/** `2026-11-22 10:18 UTC` */
export function moment(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** How long ago, in the largest unit that fits: `3 min`, `5 h`, `2 days`. */
export function ago(at: Date, now: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - at.getTime()) / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** Capitalizes a clause for the beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
