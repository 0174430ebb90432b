import type { Fleet, FleetJob } from './job.ts';

export interface SilentHosts {
  hosts: number;
  /** How many of them fall silent. */
  silent: number;
  /** The second from which on nothing is heard of theirs. */
  from: number;
}

/** The jobs that are heard of: some hosts crash with what they had to tell. Subjects keep to their host. */
export function* silentHosts(fleet: Fleet, { hosts, silent, from }: SilentHosts): Generator<FleetJob> {
  for (const job of fleet) {
    if (job.at < from || job.subject % hosts >= silent) yield job;
  }
}
