import type { RolloutSettings } from '../host/options.ts';

export interface HttpRolloutOptions extends Omit<RolloutSettings, 'hostGroup' | 'listen' | 'pollMs'> {
  /** Address of `rollout serve`, such as `https://rollout.example.com`. Undefined is rejected. */
  url: string | undefined;
  /** One of `ROLLOUT_CLIENT_TOKENS` of the server, or its read token; left out if the server requires none. */
  token?: string | undefined;
  /** One of `ROLLOUT_WRITE_TOKENS` of the server; without one nothing is recorded, and outcomes count as dropped. */
  writeToken?: string | undefined;
  /** Milliseconds between two polls while no stream reports changes; default 5,000. */
  pollMs?: number;
  /** `false`: no stream, only polling; default true. */
  stream?: boolean;
  /** Default: the runtime's own. */
  fetch?: typeof fetch;
}
