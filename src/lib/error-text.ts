const SPEECHLESS = 'an error without a message was thrown';

/**
 * Returns the message of a thrown value; empty if it has none. Anything can be thrown, and reading it may throw again.
 */
export function errorText(thrown: unknown): string {
  try {
    // The error for a host with two addresses has no message of its own.
    if (thrown instanceof AggregateError && thrown.errors.length > 0) {
      return thrown.errors.map(errorText).join('; ');
    }
    return String(thrown instanceof Error ? thrown.message || thrown.name : thrown);
  } catch {
    return '';
  }
}

/** A name or code that a program chose: one word without blanks. */
const WORD = /^[A-Za-z_$][A-Za-z0-9_$.-]{0,39}$/;
const NAME = /(?:Error|Exception|Timeout|Failure|Fault)$/;

/**
 * Returns the message of a thrown value after its name and code, as Node.js prints them: `TypeError: ...`, `Error
 * [ECONNREFUSED]: ...`. For a text, or an error without name and code, only the message.
 */
export function labelledText(thrown: unknown): string {
  const words = errorText(thrown);
  try {
    if (!(thrown instanceof Error)) return words;
    const label = labelOf(thrown);
    // An error without a message has its name as its text.
    return label === 'Error' || words === thrown.name || words.startsWith(label)
      ? words
      : `${label}: ${words}`;
  } catch {
    return words;
  }
}

function labelOf(error: Error): string {
  const { name } = error;
  const named = typeof name === 'string' && WORD.test(name);
  // A name that does not look like an error's name is used as a code.
  const [label, own] =
    named && NAME.test(name) ? [name, null] : ['Error', named && name !== 'Error' ? name : null];
  const code = codeOf(error) ?? own ?? codeOf(error.cause);
  return code === null ? label : `${label} [${code}]`;
}

/**
 * Returns the `code` of the system, of a driver or of a library, or an HTTP `status`; null: none that is a word or a
 * short number.
 */
function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string' && (WORD.test(code) || /^[0-9A-Z]{1,5}$/.test(code))) return code;
  const number = typeof code === 'number' ? code : Reflect.get(error, 'status');
  return Number.isInteger(number) && number > 0 && number < 100_000 ? String(number) : null;
}

/** Converts a thrown value to an error with a readable message. */
export function toError(thrown: unknown): Error {
  const words = errorText(thrown);
  try {
    if (thrown instanceof Error && typeof thrown.message === 'string') return thrown;
  } catch {
    // Not an error that could be passed on.
  }
  return new Error(words || SPEECHLESS);
}

/** Returns the code of an error of the system or the driver, such as `ENOENT` or `23514`; empty if there is none. */
export function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}
