/** Which GitHub and as whom. The URLs come from the runner and nothing else. */
export interface Address {
  /** `https://api.github.com`, or `https://HOST/api/v3` */
  api: string;
  /** `https://api.github.com/graphql`, or `https://HOST/api/graphql` */
  graphql: string;
  /** What the addresses of pages begin with: `https://github.com` */
  server: string;
  owner: string;
  repo: string;
  token: string;
}

/** Time and chance, which tests bring along. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  now: () => number;
  sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1. */
  random: () => number;
  /** Told what was left as it is. */
  log?: (line: string) => void;
  /** Told what a person should know although nothing failed. */
  warn?: (line: string) => void;
}

/** How long GitHub is waited for, in milliseconds. */
export interface Limits {
  /** One request, its whole answer included. */
  request: number;
  /** Everything that one call of the room asks; then it fails, so that a tick goes on. */
  call: number;
  /** Of what GitHub calls a second when it says when to come again, and of the pauses between attempts. */
  second: number;
}

/** A tick has ten minutes before another one thinks it dead. */
export const LIMITS: Limits = { request: 15_000, call: 60_000, second: 1_000 };
