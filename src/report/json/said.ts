/** A reason as programs read it: its code and facts, and `text` for people. */
export type Said<T extends { code: string }> = T & { text: string };

/** Puts the words beside the code; null stays null. */
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
