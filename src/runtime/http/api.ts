import type { RolloutSettings } from '../host/options.ts';

export interface HttpRolloutOptions extends Omit<RolloutSettings, 'hostGroup' | 'listen' | 'pollMs'> {
  /** Address of `rollout serve`, such as `https://rollout.example.com`. One that is missing is refused. */
  url: string | undefined;
  /** One of `ROLLOUT_CLIENT_TOKENS` of the server, or its read token; left out where the server wants none. */
  token?: string | undefined;
  /** One of `ROLLOUT_WRITE_TOKENS` of the server; without one nothing is recorded, and `record` counts as dropped. */
  writeToken?: string | undefined;
  /** Milliseconds between two questions while no stream tells of changes; default 5,000. */
  pollMs?: number;
  /** `false`: no stream, the poll alone; default true. */
  stream?: boolean;
  /** Default the runtime's own. */
  fetch?: typeof fetch;
}
