import { isDeepStrictEqual } from 'node:util';
import { type Columns, NOBODY } from '../admission.ts';
import type { WrittenPolicy } from '../file.ts';
import { isOpenAt } from '../hours.ts';
import { categoryOf, SIZE_NAMES } from '../registry.ts';
import { few, minus, type Seen } from '../seen.ts';

/**
 * 13. A change of the file is judged by the policy that was reconciled before it, and what was refused stays refused
 * while its entry stays the same; nothing is refused without a policy.
 */
export function policy(seen: Seen): string[] {
  const { effect, before, after, features } = seen;
  if (effect.applied !== 'yes' || !effect.reconciled) return [];
  return features.flatMap((feature) => {
    const own = effect.reconciled?.changes.filter((one) => one.feature === feature) ?? [];
    const limits = policyOver(seen, feature);
    if (after.refused.includes(feature)) {
      // A run that was killed or failed may have refused it before.
      return limits || before.refused.includes(feature)
        ? []
        : [`${feature} was refused by a policy, and there was none for it`];
    }
    const advanced = effect.advanced?.includes(feature) ?? false;
    const made = own.some(({ action }) => action === 'create' || action === 'update');
    if (!made || advanced) return advanced ? against(seen, feature, seen.after.policy, 'a step') : [];
    const free = effect.let?.includes(feature) || seen.world.model.touched.has(feature) || before.stopped;
    return free ? [] : against(seen, feature, limits, 'a change of the file');
  });
}

/** What the file says of a feature as far as a policy looks at it. */
function entryOf({ config, file }: Seen, feature: string): string {
  return JSON.stringify([config?.features.get(feature), file?.features[feature]?.skip_steps === true]);
}

function policyOver(seen: Seen, feature: string): WrittenPolicy | null {
  const denied = seen.world.model.denied.get(feature);
  return denied?.entry === entryOf(seen, feature) ? denied.policy : seen.before.policy;
}

function against(seen: Seen, feature: string, limits: WrittenPolicy | null, what: string): string[] {
  const entered = minus(seen.is(feature), seen.was(feature));
  if (!limits || entered.length === 0) return [];
  const { points, subjects } = limits.largest_raise ?? {};
  const found: string[] = [];
  // Who moves with the test repositories is nobody's change of an entry.
  const still = isDeepStrictEqual(seen.before.tests, seen.after.tests);
  const { hours } = limits;
  if (still && hours && !isOpenAt(hours, seen.before.now) && !isOpenAt(hours, seen.after.now))
    found.push(`${what} let somebody into ${feature} outside of ${JSON.stringify(hours)}`);
  if (still && typeof subjects === 'number' && entered.length > subjects)
    found.push(`${what} let ${entered.length} into ${feature}, and ${subjects} is the most`);
  const [was, is] = [seen.before, seen.after].map(({ features }) => features.get(feature)?.columns ?? NOBODY);
  const raised = was && is ? raisedPoints(was, is) : 0;
  if (typeof points === 'number' && raised > points)
    found.push(`${what} raised ${feature} by ${raised} points, and ${points} is the most`);
  const spec = seen.after.features.get(feature)?.spec ?? {};
  for (const key of limits.require ?? []) {
    if (!hasKey(spec, key)) found.push(`${what} raised ${feature}, which has no ${key}`);
  }
  if (still && limits.largest_category_last) found.push(...largestFirst(seen, feature, entered, what));
  return found;
}

/** By how many points the size is raised that is raised most; of others than before all of them are. */
function raisedPoints(was: Columns, is: Columns): number {
  const same = was.subject === is.subject && was.salt === is.salt && was.strategy === is.strategy;
  const sizes = is.subject === 'customer' ? [null] : [...SIZE_NAMES, null];
  return Math.max(...sizes.map((size) => share(is, size) - (same ? share(was, size) : 0)));
}

function share({ active, stopped, strategy, categories, percentage }: Columns, size: string | null): number {
  if (!active || stopped || strategy === 'whitelist') return 0;
  const admits = categories === null || (size !== null && categories.includes(size));
  return strategy === 'repository_size' || admits ? percentage : 0;
}

function hasKey(spec: Record<string, unknown>, key: string): boolean {
  if (key === 'owner') return typeof spec.owner === 'string';
  if (key === 'steps') return Array.isArray(spec.steps) && spec.steps.length > 0;
  return (spec.rollback as { enabled?: boolean } | undefined)?.enabled === true;
}

/** The largest size that anybody has may enter only where all smaller ones are in, or barred by the blacklist. */
function largestFirst(seen: Seen, feature: string, entered: readonly string[], what: string): string[] {
  const { after, world } = seen;
  const columns = after.features.get(feature)?.columns ?? NOBODY;
  if (columns.subject !== 'repository') return [];
  const all = [...world.model.registry.repositories.values()].map((row) => {
    return { ...row, size: categoryOf(row, after.tests) };
  });
  const largest = SIZE_NAMES.findLast((size) => all.some((row) => row.size === size));
  const large = all.filter(({ id, size }) => size === largest && entered.includes(`repository ${id}`));
  if (large.length === 0) return [];
  const kept = new Set([...seen.was(feature)].filter((one) => seen.is(feature).has(one)));
  const waiting = all.filter(({ id, name, size }) => {
    const smaller = size !== null && size !== largest;
    const barred =
      columns.blacklist.includes(id) || (name !== null && columns.blacklist.includes(name.toLowerCase()));
    return smaller && !barred && !kept.has(`repository ${id}`);
  });
  return waiting.length === 0
    ? []
    : [`${what} let the largest into ${feature} before ${few(waiting.map(({ id }) => id))}`];
}

/** Keeps what was refused, for the next look. */
export function rememberPolicy(seen: Seen): void {
  const { effect, before, after, features, world } = seen;
  const { denied, touched } = world.model;
  if (effect.byHand === 'sql') {
    for (const feature of features) {
      if (!isDeepStrictEqual(before.features.get(feature), after.features.get(feature))) touched.add(feature);
    }
  }
  if (effect.applied !== 'yes' || !effect.reconciled) return;
  for (const feature of features) {
    const entry = entryOf(seen, feature);
    if (after.refused.includes(feature)) denied.set(feature, { entry, policy: policyOver(seen, feature) });
    else {
      touched.delete(feature);
      const known = denied.get(feature);
      if (known && effect.let?.includes(feature)) denied.set(feature, { entry, policy: null });
      else if (known && known.entry !== entry) denied.delete(feature);
    }
  }
}
