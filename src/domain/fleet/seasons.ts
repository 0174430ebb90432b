import type { Random } from '../../lib/random.ts';
import type { Fleet, FleetJob } from './job.ts';

const DAY = 24 * 3600;

/** Reduces the jobs at night to the share `night` (0 to 1): a cosine with its peak at noon. */
export function* dailySeason(fleet: Fleet, night: number, random: Random): Generator<FleetJob> {
  for (const job of fleet) {
    const height = (1 - Math.cos((2 * Math.PI * job.at) / DAY)) / 2;
    if (random() < night + (1 - night) * height) yield job;
  }
}
