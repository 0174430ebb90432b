import type { Random } from '../../lib/random.ts';
import type { Fleet, FleetJob } from './job.ts';

/** Reports this share of the jobs with the wrong arm, as happens with manual routing. */
export function* wrongArms(fleet: Fleet, share: number, random: Random): Generator<FleetJob> {
  for (const job of fleet) {
    const wrong = random() < share;
    yield wrong ? { ...job, arm: job.arm === 'treatment' ? 'control' : 'treatment' } : job;
  }
}
