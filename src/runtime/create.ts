import { openRuntimePool, type Pool } from '../store/runtime-connection.ts';
import { NO_CATEGORIES } from './compiled-feature.ts';
import { DatabaseClock } from './database-clock.ts';
import { Decider } from './decider.ts';
import { EmbeddedRollout } from './embedded-rollout.ts';
import { EnvironmentOverrides, sentenceOf } from './environment.ts';
import { Events, safeLog } from './events.ts';
import { Follower } from './follower.ts';
import { Listening } from './listening.ts';
import { backOff, repeat } from './repeat.ts';
import { isRefusal, Standing } from './standing.ts';
import type { Rollout, RolloutOptions } from './types.ts';

/** Missed polls after which a snapshot is called stale. */
const MISSED_POLLS = 3;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Connects to the database and gives decisions from memory from then on.
 *
 * Throws `database_refused`, `database_not_migrated`, `database_incompatible` or `environment_mismatch` where the
 * database does not fit. One that is away is waited for, `startMs` long; after that nobody is eligible until it
 * comes.
 *
 *     const rollout = await createRollout({ connectionString: process.env.DATABASE_URL });
 *     if (rollout.isEligible('hybrid_progressive_capture', repositoryId)) ...
 */
export async function createRollout(options: RolloutOptions): Promise<Rollout> {
  const { pollMs = 1_000, maxStaleMs = 300_000, startMs = 5_000, now = () => performance.now() } = options;
  const log = safeLog(options.log ?? console.warn);
  const [from, pool] = connectionsOf(options);
  const clock = new DatabaseClock(now);
  const events = new Events(log);
  const overrides = new EnvironmentOverrides(options.env ?? process.env, (feature, note) =>
    log(sentenceOf(feature, note)),
  );
  const decider = new Decider(overrides, NO_CATEGORIES);
  const follower = new Follower({
    ...{ pool, environment: options.environment ?? null, now, clock },
    onReading: (reading, whole) => {
      const features = decider.apply(reading, whole);
      standing.confirm();
      if (features.length > 0) events.emit('change', { features, generation: reading.state.generation });
    },
    onFailure: (error) => {
      if (isRefusal(error)) standing.refuse();
      events.emit('error', error instanceof Error ? error : new Error(String(error)));
    },
  });
  const standing: Standing = new Standing(
    { decider, follower, events },
    { staleMs: Math.min(MISSED_POLLS * pollMs, maxStaleMs), maxStaleMs },
  );
  const listening = new Listening(from, follower);
  await follower.poll();
  const polling = repeat(follower.poll, (failures) =>
    backOff(pollMs, failures, Math.max(pollMs, LONGEST_PAUSE_MS)),
  );
  void listening.connect();
  const aging = setInterval(() => standing.judgeAge(), Math.min(pollMs, maxStaleMs / 4)).unref();
  void startMs;
  return new EmbeddedRollout({
    ...{ decider, clock, events },
    judgeAge: () => standing.judgeAge(),
    state: () => ({
      status: standing.status,
      generation: follower.generation,
      ageMs: follower.ageMs,
      listening: listening.active,
      controllerStale: standing.controllerStale,
      ...{ pending: 0, dropped: 0, subjects: 0, subjectBytes: 0 },
    }),
    record: () => {},
    flush: async () => true,
    close: async () => {
      standing.close();
      follower.close();
      polling.stop();
      clearInterval(aging);
      await listening.close();
      if (options.pool === undefined) await pool.end();
    },
  });
}

function connectionsOf(options: RolloutOptions): [{ connectionString: string } | { pool: Pool }, Pool] {
  if (options.pool !== undefined) {
    const pool = options.pool as unknown as Pool;
    return [{ pool }, pool];
  }
  const { connectionString } = options;
  return [{ connectionString }, openRuntimePool(connectionString)];
}
