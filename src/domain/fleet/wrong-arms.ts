import type { Random } from '../../lib/random.ts';
import type { Fleet, FleetJob } from './job.ts';

/** The same jobs, of which this share is reported with the other arm: somebody routed by hand. */
export function* wrongArms(fleet: Fleet, share: number, random: Random): Generator<FleetJob> {
  for (const job of fleet) {
    const wrong = random() < share;
    yield wrong ? { ...job, arm: job.arm === 'treatment' ? 'control' : 'treatment' } : job;
  }
}
