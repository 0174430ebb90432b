import { forEverybody, leftOut, percentOf, type ReadExport, type ReadFlag, switchedOff } from './flag.ts';
import { isEmpty, isObject, type Json, numberIn, objectIn, objectsIn, textIn, textsIn } from './json.ts';

/**
 * Reads the response to LaunchDarkly's `GET /api/v2/flags/PROJECT?summary=0`: `{"items": [flag]}`, each flag with its
 * environments. Returns null for any other document.
 *
 * Source: the REST API's reference, as of 2026-11. Weights are thousandths of a percent.
 */
export function readLaunchDarkly(document: unknown, environment: string | null): ReadExport | null {
  const { items } = objectIn(document);
  if (!Array.isArray(items) || !objectsIn(items).every((item) => isObject(item.environments))) return null;
  const environments = [
    ...new Set(objectsIn(items).flatMap((item) => Object.keys(objectIn(item.environments)))),
  ];
  const chosen = environment ?? (environments.length === 1 ? environments[0] : null) ?? '';
  return { environments, flags: objectsIn(items).map((item) => readItem(item, chosen)) };
}

function readItem(item: Json, environment: string): ReadFlag {
  const key = textIn(item.key) ?? '';
  const values = objectsIn(item.variations).map(({ value }) => value);
  if (item.archived === true) return leftOut(key, 'archived');
  if (!values.every((value) => typeof value === 'boolean')) return leftOut(key, 'not_boolean');
  const here = objectIn(item.environments)[environment];
  if (!isObject(here)) return leftOut(key, 'not_in_environment');
  const valueAt = (place: unknown) => values[numberIn(place) ?? -1];
  if (valueAt(here.offVariation) === true) return leftOut(key, 'off_is_true');
  if (here.on !== true) return switchedOff(key);
  if (!isEmpty(here.prerequisites ?? [])) return leftOut(key, 'prerequisites');
  if (!isEmpty(here.rules ?? [])) return leftOut(key, 'rules');
  const targets = [...objectsIn(here.targets), ...objectsIn(here.contextTargets)].filter(
    (target) => !isEmpty(target.values),
  );
  if (targets.some(({ contextKind }) => (contextKind ?? 'user') !== 'user')) return leftOut(key, 'rules');
  const listed = (on: boolean) =>
    targets.filter(({ variation }) => valueAt(variation) === on).flatMap(({ values }) => textsIn(values));
  const fallthrough = readFallthrough(key, objectIn(here.fallthrough), valueAt);
  return 'code' in fallthrough
    ? fallthrough
    : { ...fallthrough, whitelist: listed(true), blacklist: listed(false) };
}

function readFallthrough(key: string, fallthrough: Json, valueAt: (place: unknown) => unknown): ReadFlag {
  if (!isObject(fallthrough.rollout)) {
    const value = valueAt(fallthrough.variation);
    return typeof value === 'boolean' ? forEverybody(key, value) : leftOut(key, 'no_default');
  }
  const { variations, kind, bucketBy, contextKind } = fallthrough.rollout;
  if (kind === 'experiment') return leftOut(key, 'experiment');
  if ((bucketBy ?? 'key') !== 'key' || (contextKind ?? 'user') !== 'user')
    return leftOut(key, 'other_bucket');
  let [on, all] = [0, 0];
  for (const { variation, weight } of objectsIn(variations)) {
    const share = numberIn(weight);
    if (share === null) return leftOut(key, 'rules');
    all += share;
    if (valueAt(variation) === true) on += share;
  }
  return all > 0 ? { ...forEverybody(key, true), percentage: percentOf(on, all) } : leftOut(key, 'rules');
}
