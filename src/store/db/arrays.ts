/**
 * Formats columns of many rows as array literals for `unnest`. The driver could do so too, but it processes every
 * element anew; a flush of thousands of sums has the same few words in most of its columns.
 */
export function textArray(values: readonly (string | null)[]): string {
  const known = new Map<string, string>();
  let literal = '{';
  for (let index = 0; index < values.length; index++) {
    if (index > 0) literal += ',';
    const value = values[index] ?? null;
    if (value === null) {
      literal += 'NULL';
      continue;
    }
    const element = known.get(value) ?? quotedElement(value);
    known.set(value, element);
    literal += element;
  }
  return `${literal}}`;
}

/** Formats numbers, booleans, or null. */
export function plainArray(values: readonly (number | boolean | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : String(value))).join(',')}}`;
}

/** Formats moments in milliseconds since 1970, or null. Windows come in long runs of the same moment. */
export function timeArray(values: readonly (number | null)[]): string {
  let last: number | null = null;
  let text = 'NULL';
  const elements = values.map((value) => {
    if (value !== last) text = value === null ? 'NULL' : `"${new Date(value).toISOString()}"`;
    last = value;
    return text;
  });
  return `{${elements.join(',')}}`;
}

/** PostgreSQL cannot store U+0000, and half a surrogate pair is not a character. */
function quotedElement(value: string): string {
  if (!/["\\\0\ud800-\udfff]/.test(value)) return `"${value}"`;
  const readable = Buffer.from(value.replaceAll('\0', '\ufffd')).toString();
  return `"${readable.replace(/["\\]/g, '\\$&')}"`;
}
