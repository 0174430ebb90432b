import { RolloutError } from '../../errors.ts';
import { safeLog } from './events.ts';
import type { RolloutSettings, SnapshotCache } from './options.ts';

/** The options of every library, whatever its source of snapshots, with defaults filled in. */
export interface Settings {
  environment: string | null;
  env: Readonly<Record<string, string | undefined>>;
  pollMs: number;
  maxStaleMs: number;
  startMs: number;
  flushMs: number;
  maxPending: number;
  closeMs: number;
  flushOnExit: boolean;
  log: (line: string) => void;
  now: () => number;
  /** Storage of the snapshot; null: it is not kept. */
  cache: SnapshotCache | null;
}

/** Throws `usage` for invalid options: a mistake is obvious here, but hard to find later. */
export function settingsOf(
  options: Omit<RolloutSettings, 'hostGroup' | 'listen'>,
  defaults: Pick<Settings, 'pollMs'>,
): Settings {
  return {
    pollMs: atLeast(1, 'pollMs', options.pollMs ?? defaults.pollMs),
    maxStaleMs: atLeast(1, 'maxStaleMs', options.maxStaleMs ?? 300_000),
    startMs: atLeast(0, 'startMs', options.startMs ?? 5_000),
    flushMs: atLeast(1, 'flushMs', options.flushMs ?? 5_000),
    maxPending: atLeast(1, 'maxPending', options.maxPending ?? 100_000),
    closeMs: atLeast(0, 'closeMs', options.closeMs ?? 5_000),
    environment: options.environment ?? null,
    env: options.env ?? variables(),
    flushOnExit: options.flushOnExit ?? true,
    log: safeLog(options.log ?? console.warn),
    cache: options.cache ?? null,
    now: options.now ?? (() => performance.now()),
  };
}

/** Browsers and some worker runtimes have no process. */
function variables(): Settings['env'] {
  return typeof process === 'object' && typeof process.env === 'object' ? process.env : {};
}

function atLeast(least: number, name: string, value: number): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new RolloutError('usage', `${name} of createRollout is ${value}`, {
    hint: `it is a number from ${least} on`,
  });
}
