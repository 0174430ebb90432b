/** Addresses of GitHub. The URLs come only from the runner. */
export interface Address {
  /** `https://api.github.com`, or `https://HOST/api/v3` */
  api: string;
  /** `https://api.github.com/graphql`, or `https://HOST/api/graphql` */
  graphql: string;
  /** Prefix of page addresses: `https://github.com` */
  server: string;
  owner: string;
  repo: string;
  token: string;
}

/** Time and randomness, replaced in tests. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  now: () => number;
  sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1. */
  random: () => number;
  /** Receives a line about skipped work. */
  log?: (line: string) => void;
  /** Receives a warning although nothing failed. */
  warn?: (line: string) => void;
}

/** Time limits for GitHub, in milliseconds. */
export interface Limits {
  /** Limit of one request, including its whole answer. */
  request: number;
  /** Limit of all requests of one call; then it fails, so that a tick continues. */
  call: number;
  /** Length of a second in GitHub's requested pauses and between attempts; shorter in tests. */
  second: number;
}

/** After ten minutes another tick takes over. */
export const LIMITS: Limits = { request: 15_000, call: 60_000, second: 1_000 };
