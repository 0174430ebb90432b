const SPEECHLESS = 'an error without a message was thrown';

/** The words of what was thrown; empty where it has none. Anything can be thrown, and reading it may throw again. */
export function errorText(thrown: unknown): string {
  try {
    // That of a host with two addresses has no message of its own.
    if (thrown instanceof AggregateError && thrown.errors.length > 0) {
      return thrown.errors.map(errorText).join('; ');
    }
    return String(thrown instanceof Error ? thrown.message || thrown.name : thrown);
  } catch {
    return '';
  }
}

/** What was thrown as an error whose words can be read. */
export function toError(thrown: unknown): Error {
  const words = errorText(thrown);
  try {
    if (thrown instanceof Error && typeof thrown.message === 'string') return thrown;
  } catch {
    // Not an error that could be handed on.
  }
  return new Error(words || SPEECHLESS);
}

/** Code of an error by the system or the driver, such as `ENOENT` or `23514`; empty where it has none. */
export function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}
