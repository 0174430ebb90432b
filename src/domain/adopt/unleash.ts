import {
  type AdoptedFlag,
  forEverybody,
  leftOut,
  type ReadExport,
  type ReadFlag,
  switchedOff,
} from './flag.ts';
import { isEmpty, type Json, numberIn, objectIn, objectsIn, textIn } from './json.ts';

/**
 * Reads an export of Unleash (`{"features", "featureStrategies", "featureEnvironments"}`) or the feature list of its
 * client API, where each feature contains its strategies. Returns null for any other document.
 *
 * Source: Unleash's documentation of import and export, and of its activation strategies, as of 2026-11. Strategies are
 * alternatives: a feature is on if one of them matches, and also if it has none. An export lists the parents of
 * features separately; the client API puts them into each feature.
 */
export function readUnleash(document: unknown, environment: string | null): ReadExport | null {
  const { features, featureStrategies, featureEnvironments, dependencies } = objectIn(document);
  if (!Array.isArray(features)) return null;
  if (!objectsIn(features).every(({ name }) => typeof name === 'string')) return null;
  const states = objectsIn(featureEnvironments);
  const environments = [...new Set(states.flatMap((one) => textIn(one.environment) ?? []))];
  const chosen = environment ?? (environments.length === 1 ? environments[0] : null) ?? '';
  const inEnvironment = ({ environment: of }: Json) => environments.length === 0 || of === chosen;
  return {
    environments,
    flags: objectsIn(features).map((feature) => {
      const key = textIn(feature.name) ?? '';
      const of = (one: Json) => (one.featureName ?? one.feature) === key && inEnvironment(one);
      const state = environments.length === 0 ? feature : states.find(of);
      if (feature.archived === true) return leftOut(key, 'archived');
      if (!state) return leftOut(key, 'not_in_environment');
      const own =
        environments.length === 0 ? objectsIn(feature.strategies) : objectsIn(featureStrategies).filter(of);
      const parents = [feature, ...objectsIn(dependencies).filter((one) => one.feature === key)];
      if (state.enabled === true && parents.some((one) => !isEmpty(one.dependencies ?? [])))
        return leftOut(key, 'prerequisites');
      if (!isEmpty(state.variants ?? []) || !isEmpty(feature.variants ?? [])) return leftOut(key, 'variants');
      return state.enabled === true ? readStrategies(key, own) : switchedOff(key);
    }),
  };
}

function readStrategies(key: string, strategies: readonly Json[]): ReadFlag {
  const active = strategies.filter(({ disabled }) => disabled !== true);
  // Without a strategy a feature is on for everybody; with strategies that are all switched off, for nobody.
  if (active.length === 0) return forEverybody(key, strategies.length === 0);
  const read = active.map((strategy) => readStrategy(key, strategy));
  const refused = read.find((one) => 'code' in one);
  if (refused) return refused;
  const parts = read as AdoptedFlag[];
  const whitelist = [...new Set(parts.flatMap((part) => part.whitelist))];
  if (parts.some(({ percentage }) => percentage === 100)) return { ...forEverybody(key, true), whitelist };
  const raising = parts.filter(({ percentage }) => percentage > 0);
  // Two percentages do not add up to one: each hashes by its own group, so the overlap is unknown.
  if (raising.length > 1) return leftOut(key, 'several_percentages');
  return { ...forEverybody(key, false), percentage: raising[0]?.percentage ?? 0, whitelist };
}

const BY_SUBJECT = ['default', 'userId', ''];

function readStrategy(key: string, strategy: Json): ReadFlag {
  if (!isEmpty(strategy.segments ?? [])) return leftOut(key, 'segments');
  if (!isEmpty(strategy.constraints ?? [])) return leftOut(key, 'rules');
  if (!isEmpty(strategy.variants ?? [])) return leftOut(key, 'variants');
  const { rollout, percentage, stickiness, userIds } = objectIn(strategy.parameters);
  switch (strategy.name) {
    case 'default':
      return forEverybody(key, true);
    case 'userWithId':
      return { ...forEverybody(key, false), whitelist: idsIn(userIds) };
    case 'flexibleRollout':
      return BY_SUBJECT.includes(textIn(stickiness) ?? '')
        ? shared(key, numberIn(rollout))
        : leftOut(key, 'other_bucket');
    case 'gradualRolloutUserId':
      return shared(key, numberIn(percentage));
    default:
      return leftOut(key, 'rules');
  }
}

function shared(key: string, percentage: number | null): ReadFlag {
  if (percentage === null || percentage < 0 || percentage > 100) return leftOut(key, 'unreadable');
  return { ...forEverybody(key, false), percentage };
}

function idsIn(text: unknown): readonly string[] {
  return (textIn(text) ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}
