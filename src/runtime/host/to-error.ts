const SPEECHLESS = 'something was thrown that has no words';

/** The words of what was thrown; empty where it has none. Anything can be thrown, and being asked it may throw again. */
export function wordsOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message || thrown.name : thrown);
  } catch {
    return '';
  }
}

/** What was thrown as an error whose words can be read. */
export function errorOf(thrown: unknown): Error {
  const words = wordsOf(thrown);
  try {
    if (thrown instanceof Error && typeof thrown.message === 'string') return thrown;
  } catch {
    // It is none that could be handed on.
  }
  return new Error(words || SPEECHLESS);
}
