import { isScalar, parseDocument, Scalar } from 'yaml';

/** Values that can be written into the file. */
export type EditValue =
  | string
  | number
  | boolean
  | readonly EditValue[]
  | { readonly [key: string]: EditValue };

/** Formats a value on one line, with the same meaning in block and in flow style. */
export function render(value: EditValue): string {
  if (typeof value === 'string') return renderText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(render).join(', ')}]`;
  const pairs = Object.entries(value).map(([key, item]) => renderPair(key, item as EditValue));
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

/** Formats `key: value`. */
export function renderPair(key: string, value: EditValue): string {
  return `${renderText(key)}: ${render(value)}`;
}

/** Formats a value in place of a scalar: text keeps the scalar's quotes. */
export function renderInPlaceOf(old: Scalar, value: EditValue): string {
  if (typeof value !== 'string') return render(value);
  if (old.type === Scalar.QUOTE_DOUBLE) return doubleQuoted(value);
  if (old.type === Scalar.QUOTE_SINGLE && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(value)) {
    return `'${value.replaceAll("'", "''")}'`;
  }
  return renderText(value);
}

function renderText(text: string): string {
  return isPlain(text) ? text : doubleQuoted(text);
}

/**
 * Can the text stand without quotes? It must contain no YAML syntax, and must not read as a number, boolean or null.
 */
function isPlain(text: string): boolean {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_./@+-]*( [A-Za-z0-9_./@+-]+)*$/.test(text)) return false;
  const { contents } = parseDocument(text);
  return isScalar(contents) && contents.value === text;
}

/** JSON's quoting is valid YAML, except for line separators, which JSON does not escape. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
