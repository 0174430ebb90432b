import type { Fleet, FleetJob } from './job.ts';

export interface SilentHosts {
  hosts: number;
  /** Number of hosts that fall silent. */
  silent: number;
  /** The second from which these hosts report nothing. */
  from: number;
}

/** Yields the jobs that are reported: some hosts crash before they report theirs. Each subject keeps its host. */
export function* silentHosts(fleet: Fleet, { hosts, silent, from }: SilentHosts): Generator<FleetJob> {
  for (const job of fleet) {
    if (job.at < from || job.subject % hosts >= silent) yield job;
  }
}
