/** A reason for programs: its code and facts, with its sentence in `text`. */
export type Said<T extends { code: string }> = T & { text: string };

/** Adds the sentence to a code; null stays null. */
export function said<T extends { code: string }>(reason: T, textOf: (reason: T) => string): Said<T>;
export function said<T extends { code: string }>(
  reason: T | null,
  textOf: (reason: T) => string,
): Said<T> | null;
export function said<T extends { code: string }>(
  reason: T | null,
  textOf: (reason: T) => string,
): Said<T> | null {
  return reason && { ...reason, text: textOf(reason) };
}
