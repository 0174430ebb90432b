import { acknowledge } from '../model.ts';
import type { Seen } from '../seen.ts';

/** Nearly as old as what is read of the database, in minutes. */
const KEPT_MINUTES = 5 * 24 * 60 + 7;

/** 8. No acknowledged outcome is lost, and none counts twice. 9. What the controller took back had failed. */
export function outcomes(seen: Seen): string[] {
  const { world, effect, after } = seen;
  const { model } = world;
  const found = timeouts(seen);
  const should = new Map<string, { jobs: number; errors: number }>();
  for (const { feature, arm, jobs, errors, at } of model.outcomes) {
    if (model.clock - at > KEPT_MINUTES) continue;
    const sum = should.get(`${feature} ${arm}`) ?? { jobs: 0, errors: 0 };
    should.set(`${feature} ${arm}`, { jobs: sum.jobs + jobs, errors: sum.errors + errors });
  }
  const is = new Map(after.jobs.map((one) => [`${one.feature} ${one.arm}`, one]));
  for (const key of new Set([...should.keys(), ...is.keys()])) {
    const [counted, acknowledged] = [is.get(key), should.get(key)];
    const differs = Number(counted?.jobs ?? 0) !== (acknowledged?.jobs ?? 0);
    if (differs || Number(counted?.errors ?? 0) !== (acknowledged?.errors ?? 0)) {
      found.push(
        `of ${key} ${acknowledged?.jobs ?? 0} jobs were acknowledged, and ${counted?.jobs ?? 0} are counted`,
      );
    }
  }
  for (const feature of effect.judged ?? []) {
    if (!model.harmed.has(feature))
      found.push(`${feature} was rolled back, although it did no harm of its own`);
  }
  return found;
}

/** Minutes that a job of the walk's processor may take. */
const TIMEOUT_MINUTES = 15;

/** A routed job that never ended counts as a failure, once, not before its time, and by the next tick at the latest. */
function timeouts({ world, effect, after }: Seen): string[] {
  const { model } = world;
  const found: string[] = [];
  for (const [id, one] of model.stamps) {
    const { feature } = one.stamp;
    const age = model.clock - one.at;
    const state = after.stamps.get(id);
    if (one.state !== 'open') continue;
    if (state === 'timed_out') {
      if (age < TIMEOUT_MINUTES) found.push(`a job of ${feature} timed out after ${age} minutes`);
      one.state = state;
      acknowledge(model, feature, 1);
    } else if (state !== 'open') {
      found.push(`an open job of ${feature} is ${state ?? 'gone'}`);
    } else if (effect.ticked && age > TIMEOUT_MINUTES && after.features.get(feature)?.spec) {
      found.push(`a job of ${feature} is open after ${age} minutes and a tick`);
    }
  }
  return found;
}
