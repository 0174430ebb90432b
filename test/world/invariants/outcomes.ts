import type { Seen } from '../seen.ts';

/** Nearly as old as what is read of the database, in minutes. */
const KEPT_MINUTES = 5 * 24 * 60 + 7;

/** 8. No acknowledged outcome is lost, and none counts twice. 9. What the controller took back had failed. */
export function outcomes({ world, effect, after }: Seen): string[] {
  const { model } = world;
  const should = new Map<string, { jobs: number; errors: number }>();
  for (const { feature, arm, jobs, errors, at } of model.outcomes) {
    if (model.clock - at > KEPT_MINUTES) continue;
    const sum = should.get(`${feature} ${arm}`) ?? { jobs: 0, errors: 0 };
    should.set(`${feature} ${arm}`, { jobs: sum.jobs + jobs, errors: sum.errors + errors });
  }
  const is = new Map(after.jobs.map((one) => [`${one.feature} ${one.arm}`, one]));
  const found: string[] = [];
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
