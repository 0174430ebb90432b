import { forEverybody, leftOut, percentOf, type ReadExport, type ReadFlag, switchedOff } from './flag.ts';
import { isEmpty, isObject, type Json, numberIn, objectIn, objectsIn, textIn } from './json.ts';

/**
 * Reads a response of GrowthBook: an SDK's payload (`{"features": {"name": {"defaultValue", "rules"}}}`), or the REST
 * API's list (`{"features": [{"id", "valueType", "environments"}]}`). Returns null for any other document.
 *
 * Source: GrowthBook's documentation of feature rules and of its REST API, as of 2026-11.
 */
export function readGrowthBook(document: unknown, environment: string | null): ReadExport | null {
  const { features } = objectIn(document);
  if (isObject(features)) {
    const flags = Object.entries(features).map(([key, one]) => {
      const { defaultValue, rules } = objectIn(one);
      return readRules(key, defaultValue, objectsIn(rules));
    });
    return { environments: [], flags };
  }
  if (!Array.isArray(features) || !objectsIn(features).every(({ id }) => typeof id === 'string')) return null;
  const environments = [
    ...new Set(objectsIn(features).flatMap((one) => Object.keys(objectIn(one.environments)))),
  ];
  const chosen = environment ?? (environments.length === 1 ? environments[0] : null) ?? '';
  return { environments, flags: objectsIn(features).map((feature) => readFeature(feature, chosen)) };
}

function readFeature(feature: Json, environment: string): ReadFlag {
  const key = textIn(feature.id) ?? '';
  if (feature.archived === true) return leftOut(key, 'archived');
  if (feature.valueType !== 'boolean') return leftOut(key, 'not_boolean');
  const here = objectIn(feature.environments)[environment];
  if (!isObject(here)) return leftOut(key, 'not_in_environment');
  if (here.enabled !== true) return switchedOff(key);
  if (!isEmpty(feature.prerequisites ?? [])) return leftOut(key, 'prerequisites');
  const value = (text: unknown) => (text === 'true' ? true : text === 'false' ? false : text);
  const rules = objectsIn(here.rules)
    .filter(({ enabled }) => enabled !== false)
    .map((rule) => ({ ...rule, force: rule.force ?? value(rule.value) }));
  return readRules(key, value(here.defaultValue ?? feature.defaultValue), rules);
}

/** The first matching rule decides; without one, the default value does. */
function readRules(key: string, defaultValue: unknown, rules: readonly Json[]): ReadFlag {
  if (typeof defaultValue !== 'boolean') return leftOut(key, 'not_boolean');
  const [rule, ...more] = rules;
  if (!rule) return forEverybody(key, defaultValue);
  if (more.length > 0 || hasCondition(rule)) return refused(key, rule, more);
  if (rule.variations !== undefined || rule.type === 'experiment' || rule.type === 'experiment-ref') {
    return leftOut(key, 'experiment');
  }
  if (!isEmpty(rule.parentConditions ?? []) || !isEmpty(rule.prerequisites ?? []))
    return leftOut(key, 'prerequisites');
  // A rule that depends on the clock has no fixed share.
  if (!isEmpty(rule.scheduleRules ?? []) || textIn(rule.rampScheduleId)) return leftOut(key, 'rules');
  if (!isEmpty(rule.savedGroups ?? []) || !isEmpty(rule.savedGroupTargeting ?? []))
    return leftOut(key, 'segments');
  if (!['id', 'userId', 'user_id', ''].includes(textIn(rule.hashAttribute) ?? ''))
    return leftOut(key, 'other_bucket');
  if (defaultValue) return leftOut(key, 'off_is_true');
  if (rule.force !== true)
    return rule.force === false ? forEverybody(key, false) : leftOut(key, 'not_boolean');
  const coverage = rule.coverage === undefined ? 1 : numberIn(rule.coverage);
  if (coverage === null || coverage < 0 || coverage > 1) return leftOut(key, 'unreadable');
  return { ...forEverybody(key, true), percentage: percentOf(coverage, 1) };
}

/** The REST API sends the condition as text. */
function hasCondition({ condition }: Json): boolean {
  return typeof condition === 'string' ? !['', '{}'].includes(condition.trim()) : !isEmpty(condition ?? {});
}

function refused(key: string, rule: Json, more: readonly Json[]): ReadFlag {
  const experiments = [rule, ...more].some(({ variations }) => variations !== undefined);
  return leftOut(key, experiments ? 'experiment' : 'rules');
}
