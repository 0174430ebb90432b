/** Limits of digits before and after the point: JavaScript's numbers hold these without loss. */
const PLAIN = /^(?:0|[1-9]\d{0,14})(?:\.(\d{1,10}))?$/;
const LONGEST = 30;

/**
 * Parses a number in plain notation: `10`, `12.5`. Null for any other notation.
 *
 * `010` is eight to one YAML reader and ten to another, and `1e1`, `0x0A`, `+5` or `1_000` are seldom intended: they
 * are refused with the right notation (`plainInstead`) instead of interpreted.
 */
export function plainNumber(text: string, decimals = 0): number | null {
  const match = PLAIN.exec(text);
  return match === null || (match[1]?.length ?? 0) > decimals ? null : Number(text);
}

/** Returns the plain notation of a number in another one: `010` -> `10`, `1_000` -> `1000`, `50%` -> `50`. */
export function plainInstead(text: string): string | null {
  if (text.length > LONGEST) return null;
  const bare = text.trim().replace(/%$/, '').trimEnd();
  const value = Number(withoutGroups(bare));
  const plain = String(value);
  return bare !== '' && plain !== text && plainNumber(plain, 10) !== null ? plain : null;
}

/** Returns `; write 10`, or nothing if it is not a number. */
export function plainHint(text: string): string {
  const plain = plainInstead(text);
  return plain === null ? '' : `; write ${plain}`;
}

function withoutGroups(text: string): string {
  if (/^\d{1,3}(?:[,_' ]\d{3})+$/.test(text)) return text.replace(/[,_' ]/g, '');
  if (/^\d+,\d{1,2}$/.test(text)) return text.replace(',', '.');
  return /^\d+(?:_\d+)+$/.test(text) ? text.replaceAll('_', '') : text;
}
