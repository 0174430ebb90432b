import { isDeepStrictEqual } from 'node:util';
import type { PlanResult } from '../../../src/domain/plan/result.ts';
import type { Problem } from '../../../src/domain/spec/problem.ts';
import { isOpenAt } from '../hours.ts';
import { minus, type Seen } from '../seen.ts';

/**
 * 2. What a plan said of its change is what happened: which changes, who entered, who left. Where nobody asked for a
 * plan, as in a tick, what the reconcile said of itself is held against it.
 */
export function plans(seen: Seen): string[] {
  const { planned, reconciled } = seen.effect;
  if (!reconciled || seen.effect.applied !== 'yes') return [];
  const warned = new Set(planned ? waitingForHours(planned) : []);
  const found = [...warned]
    .filter((feature) => minus(seen.is(feature), seen.was(feature)).length > 0)
    .map((feature) => `${feature}: its raise was to wait for the hours of the policy, and it came`);
  const untested = planned !== undefined && testsWait(seen, planned);
  if (untested && !planned.problems.some(isAboutTests))
    found.push('the test repositories wait for the hours of the policy, and the plan does not say so');
  // Nobody's category is as planned then.
  const waiting = untested ? new Set(seen.features) : warned;
  const [promised, done] = [planned ?? reconciled, reconciled].map((one) => changesOf(one, waiting));
  if (promised !== done) found.push(`planned ${promised || 'nothing'}, but did ${done || 'nothing'}`);
  const others = movedOtherwise(seen);
  for (const feature of seen.features) {
    if (others.has(feature) || waiting.has(feature)) continue;
    const said = saidOf(planned ?? reconciled, feature);
    if (said === null) continue;
    const entering = minus(seen.is(feature), seen.was(feature)).length;
    const leaving = minus(seen.was(feature), seen.is(feature)).length;
    if (said.entering === entering && said.leaving === leaving) continue;
    found.push(
      `${feature}: the ${planned ? 'plan' : 'reconcile'} said ${said.entering} enter and ${said.leaving} leave; it were ${entering} and ${leaving}`,
    );
  }
  return found;
}

type Said = Pick<PlanResult, 'changes' | 'movements'>;

/** A plan does not know when its change will be merged, so it only warns where the policy would let it wait. */
function waitingForHours({ changes }: PlanResult): string[] {
  return changes
    .filter(({ warnings }) => warnings.some(({ code }) => code === 'policy_hours'))
    .map(({ feature }) => feature);
}

function testsWait({ before, after }: Seen, { test_repositories: tests }: PlanResult): boolean {
  const hours = before.policy?.hours;
  const shut = !!hours && !isOpenAt(hours, before.now) && !isOpenAt(hours, after.now);
  const asked = tests.added.length + tests.removed.length > 0;
  return asked && shut && isDeepStrictEqual(before.tests, after.tests);
}

const isAboutTests = ({ path, message }: Problem) =>
  path === 'test_repositories' && message.includes('hours');

function changesOf({ changes }: Said, without: ReadonlySet<string>): string {
  return changes
    .filter(({ feature }) => !without.has(feature))
    .map(({ action, feature }) => `${action} ${feature}`)
    .sort()
    .join(', ');
}

/** Features that the same step also moved in another way than by this reconcile. */
function movedOtherwise({ effect }: Seen): Set<string> {
  const { judged = [], advanced = [], held = [] } = effect;
  return new Set([...judged, ...advanced, ...held.map(({ feature }) => feature)]);
}

function saidOf({ changes, movements }: Said, feature: string): { entering: number; leaving: number } | null {
  const own = changes.filter((one) => one.feature === feature);
  if (own.some(({ action }) => action === 'refused')) return null;
  const all = [...own.map(({ impact }) => impact), ...movements.filter((one) => one.feature === feature)];
  const sum = (key: 'entering' | 'leaving') => all.reduce((total, one) => total + (one?.[key] ?? 0), 0);
  return { entering: sum('entering'), leaving: sum('leaving') };
}
