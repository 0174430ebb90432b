import { forEverybody, leftOut, percentOf, type ReadExport, type ReadFlag, switchedOff } from './flag.ts';
import { isEmpty, isObject, listIn, numberIn, objectIn, textIn } from './json.ts';

/**
 * Reads flag definitions of flagd: `{"flags": {"name": {"state", "variants", "defaultVariant", "targeting"}}}`. Returns
 * null for any other document.
 *
 * Source: the flag definition's documentation of flagd and its operation `fractional`, as of 2026-11.
 */
export function readFlagd(document: unknown): ReadExport | null {
  const { flags } = objectIn(document);
  if (!isObject(flags)) return null;
  return { environments: [], flags: Object.entries(flags).map(([key, flag]) => readFlag(key, flag)) };
}

function readFlag(key: string, flag: unknown): ReadFlag {
  const { state, variants, defaultVariant, targeting } = objectIn(flag);
  if (!isObject(variants)) return leftOut(key, 'unreadable');
  if (!Object.values(variants).every((value) => typeof value === 'boolean'))
    return leftOut(key, 'not_boolean');
  if (state === 'DISABLED') return switchedOff(key);
  if (targeting !== undefined && targeting !== null && !isEmpty(targeting)) {
    const { fractional, ...rest } = objectIn(targeting);
    return Array.isArray(fractional) && isEmpty(rest)
      ? readFractional(key, fractional, variants)
      : leftOut(key, 'rules');
  }
  const value = variants[textIn(defaultVariant) ?? ''];
  return typeof value === 'boolean' ? forEverybody(key, value) : leftOut(key, 'no_default');
}

/** Reads shares by weight: an optional expression for the hashed value, then `[variant, weight]` pairs. */
function readFractional(key: string, parts: readonly unknown[], variants: Record<string, unknown>): ReadFlag {
  const [first, ...rest] = parts;
  if (isObject(first) && !hashesKey(first)) return leftOut(key, 'other_bucket');
  let [on, all] = [0, 0];
  for (const part of isObject(first) ? rest : parts) {
    const [name, weight] = listIn(part);
    const value = variants[textIn(name) ?? ''];
    const share = weight === undefined ? 1 : numberIn(weight);
    if (typeof value !== 'boolean' || share === null || share < 0) return leftOut(key, 'rules');
    all += share;
    if (value) on += share;
  }
  if (all === 0) return leftOut(key, 'rules');
  return { ...forEverybody(key, true), percentage: percentOf(on, all) };
}

/** Is the targeting key hashed, alone or after the flag's name? */
function hashesKey(expression: Record<string, unknown>): boolean {
  const names = isObject(expression) && 'cat' in expression ? listIn(expression.cat) : [expression];
  const variables = names.map((one) => textIn(objectIn(one).var));
  return (
    variables.at(-1) === 'targetingKey' && variables.slice(0, -1).every((one) => one === '$flagd.flagKey')
  );
}
