import { randomUUID } from 'node:crypto';
import { openJobs, recordEnds, type Stamp } from '../../../src/store/outcomes/jobs.ts';
import { nth } from '../dice.ts';
import { acknowledge } from '../model.ts';
import type { Kind } from '../step.ts';
import { armsOf } from './outcomes.ts';

// Routed jobs: opened, ended by one process or two, ended too late, or never.

const OPENED = 4;

const routed: Kind = {
  weight: 2,
  make: (dice) => ({ place: dice.below(12) }),
  async take({ ground, model }, step) {
    const live = [...model.facts.features].filter(([, one]) => !one.archived && one.columns.active);
    const [feature, row] = nth(live, Number(step.place)) ?? [];
    if (feature === undefined || row === undefined) return null;
    const { treatment } = armsOf(model, feature, row.columns.subject);
    const stamps = treatment.slice(0, OPENED).map(({ id, category }): Stamp => {
      const place = { feature, subject: id, processor: 'inngest', arm: 'treatment' as const };
      return { id: randomUUID(), ...place, epoch: row.epoch, job_class: '', category, routed_at: Date.now() };
    });
    if (stamps.length === 0) return null;
    await openJobs(ground.db.pool, stamps);
    for (const stamp of stamps) model.stamps.set(stamp.id, { stamp, at: model.clock, state: 'open' });
    return { note: `${stamps.length} of ${feature}`, applied: 'no' };
  },
};

/** Days after which nobody speaks of a job any more; the tidying up forgets ended ones after seven. */
const REMEMBERED_MINUTES = 4 * 24 * 60;

const ended: Kind = {
  weight: 2,
  make: (dice) => ({ place: dice.below(40), amount: dice.pick([1, 2, 4]), ok: dice.chance(0.8) }),
  async take({ ground, model }, step) {
    const all = [...model.stamps.values()].filter(({ at }) => model.clock - at < REMEMBERED_MINUTES);
    const from = all.length === 0 ? 0 : Number(step.place) % all.length;
    const some = all.slice(from, from + Number(step.amount));
    if (some.length === 0) return null;
    // However much time passed in the database: a process reports a stamp as it got it, and its day is part of its key.
    const ends = some.map(({ stamp }) => ({
      stamp,
      outcome: {
        ...stamp,
        ok: step.ok === true,
        duration_ms: 1_000,
        error: step.ok === true ? null : 'boom',
        finished_at: Date.now(),
      },
    }));
    // Two processes report the same ends at the same time.
    const counted = await Promise.all([1, 2].map(() => recordEnds(ground.db.pool, randomUUID(), ends)));
    for (const one of some) {
      if (one.state !== 'open') continue;
      one.state = 'finished';
      acknowledge(model, one.stamp.feature, step.ok === true ? 0 : 1);
    }
    return { note: `${some.length}, counted ${counted.join(' and ')}`, applied: 'no' };
  },
};

export const STAMPS: Readonly<Record<string, Kind>> = { routed, ended };
