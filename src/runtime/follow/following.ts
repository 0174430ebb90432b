import { errorText } from '../../lib/error-text.ts';
import { every } from '../../lib/portable/timers.ts';
import type { RuntimeReading } from '../../store/runtime/snapshot.ts';
import { Decider } from '../decide/decider.ts';
import { EnvironmentOverrides } from '../decide/environment.ts';
import { Registry } from '../decide/registry.ts';
import type { DatabaseSettings } from '../host/database-settings.ts';
import type { Events } from '../host/events.ts';
import { backOff, type Repetition, repeat } from '../host/poll.ts';
import type { Complaints } from '../host/throttled-log.ts';
import { within } from '../host/timeout.ts';
import { contentOf } from '../wire/content-of.ts';
import type { Published, SnapshotSource } from '../wire/source.ts';
import type { DatabaseClock } from './database-clock.ts';
import { firstReading } from './first-reading.ts';
import type { Followed, Ground } from './followed.ts';
import { Follower } from './follower.ts';
import { type Keeping, keepingFor } from './keeping.ts';
import { Listening } from './listening.ts';
import { reportOtherHistory } from './other-history.ts';
import { OverrideRecord } from './override-record.ts';
import { type KnownPlace, type ReadingStep, readingStep } from './reading-step.ts';
import { Recalled, startFromKept } from './recalled.ts';
import { RegistryKeeper } from './registry-keeper.ts';
import { isRefusal, Standing } from './snapshot-status.ts';

/** Missed polls after which a snapshot counts as stale. */
const MISSED_POLLS = 3;
/**
 * Longest pause between two polls of an unreachable database: when it returns, hundreds of processes notice at once.
 */
const LONGEST_PAUSE_MS = 4_000;
const FIRST_PAUSE_MS = 50;
/** Milliseconds to wait for a close: a server that disappeared silently never closes the connection. */
const CLOSE_MS = 1_000;

/**
 * The snapshot and what keeps it current: polling, the listening connection, the registry, and the check of its age.
 */
export class Following implements Followed, SnapshotSource {
  readonly decider: Decider;
  readonly registry = new Registry();
  readonly standing: Standing;
  readonly follower: Follower;
  readonly #settings: DatabaseSettings;
  readonly #clock: DatabaseClock;
  readonly #events: Events;
  readonly #complaints: Complaints;
  readonly #overrides: OverrideRecord;
  readonly #keeper: RegistryKeeper;
  readonly #recalled: Recalled;
  readonly #keeping: Keeping | null;
  readonly #listening: Listening | null;
  readonly #readers = new Set<() => void>();
  #polling: Repetition | null = null;
  #endAging = () => {};
  #pollFailed = false;
  #started = false;
  readonly #staleMs: number;
  readonly #known: KnownPlace = { generation: null, server: null };
  /** Generation of a history that is gone, until another one is accepted; null: none. */
  #left: number | null = null;

  constructor(settings: DatabaseSettings, { clock, events, complaints }: Ground) {
    const { pool, aside, now, pollMs, maxStaleMs, environment, listens } = settings;
    const staleMs = Math.min(MISSED_POLLS * pollMs, maxStaleMs);
    this.#settings = settings;
    this.#staleMs = staleMs;
    this.#clock = clock;
    this.#events = events;
    this.#complaints = complaints;
    const overrides = new EnvironmentOverrides(settings.env);
    this.#overrides = new OverrideRecord(overrides, settings, complaints);
    const decider = new Decider(overrides, this.registry);
    this.decider = decider;
    this.follower = new Follower({
      pool,
      environment,
      now,
      clock,
      lagMs: staleMs,
      onReading: (reading, whole) => this.#take(reading, whole),
      onOtherHistory: (before) => {
        this.#left = before;
      },
      onFailure: (error) => {
        if (isRefusal(error)) this.standing.refuse(error);
        complaints.fail(error);
      },
    });
    this.#recalled = new Recalled(this.follower, now);
    this.standing = new Standing({ decider, source: this.#recalled, events }, { staleMs, maxStaleMs });
    this.#keeping = keepingFor(settings, settings.of, complaints);
    this.#keeper = new RegistryKeeper(
      { db: aside, decider, registry: this.registry },
      (features) => {
        this.#announce(features);
        this.#tellReaders();
      },
      complaints.fail,
    );
    const onDeaf = (error: unknown) =>
      complaints.say(`no connection listens, so the poll alone finds changes: ${errorText(error)}`);
    this.#listening = listens ? new Listening({ pool, aside }, this.follower, onDeaf) : null;
  }

  get generation(): number | null {
    return this.follower.generation;
  }

  get ageMs(): number | null {
    return this.#recalled.ageMs;
  }

  get standby(): boolean {
    return this.follower.state?.standby ?? false;
  }

  get listening(): boolean {
    return this.#listening?.active ?? false;
  }

  /** Waits for the first snapshot, for at most `startMs`, and then follows; throws if the database does not fit. */
  async start(): Promise<void> {
    const { pollMs, maxStaleMs, startMs } = this.#settings;
    const end = performance.now() + startMs;
    await firstReading(this.follower.poll, { startMs, firstPauseMs: FIRST_PAUSE_MS });
    await startFromKept({
      ...{ keeping: this.#keeping, recalled: this.#recalled, standing: this.standing, decider: this.decider },
      ...{ complaints: this.#complaints, takeHolders: (holders) => this.registry.recallHolders(holders) },
    });
    this.#polling = repeat(
      () => this.#poll(),
      (failures) => backOff(pollMs, failures, Math.max(pollMs, LONGEST_PAUSE_MS)),
    );
    this.#endAging = every(Math.min(pollMs, maxStaleMs / 4), () => this.standing.judgeAge());
    // While the first connection still waits for the server, a second one would only keep it busy.
    if (this.generation === null) this.#listening?.later();
    else if (this.#listening) await within(end - performance.now(), this.#listening.connect());
    this.#started = true;
    if (this.standing.status === 'starting' || this.standing.status === 'refused') this.#sayAway();
  }

  #sayAway(): void {
    const { reading, failed } = this.follower;
    this.#complaints.say(
      reading !== null
        ? `the features are still being read, ${reading} so far: nobody is eligible until it is done`
        : failed
          ? 'the database is away: nobody is eligible until it answers'
          : 'the database has not answered yet: nobody is eligible until it does',
    );
  }

  /**
   * Polls through the listening connection, which exists anyway; through another one if that takes so long that the
   * snapshot would become stale.
   */
  async #poll(): Promise<void> {
    const failed = this.#pollFailed;
    this.#pollFailed = true;
    const look = this.#listening?.look() ?? null;
    const answered =
      look !== null &&
      (await within(
        this.#staleMs,
        look.then(() => true),
      )) !== null;
    if (!answered) await this.follower.poll();
    this.#pollFailed = false;
    if (failed) this.#listening?.soon();
  }

  async #take(reading: RuntimeReading, whole: boolean): Promise<void> {
    const { generation, server } = reading.state;
    const step = readingStep(this.#known, reading.state, {
      whole,
      refused: this.standing.status === 'refused',
      leaves: this.#left !== null,
    });
    // Also after decisions from a kept snapshot.
    if (step.registry === 'before') this.decider.shut('not_ready');
    const features = this.decider.apply(reading, whole);
    this.#known.server = server;
    if (step.forgetsPlace) this.registry.forgetPlace();
    await this.#readRegistry(step.registry);
    this.#known.generation = generation;
    this.#reportOtherHistory(generation);
    this.standing.confirm();
    this.#announce(features);
    this.#overrides.write();
    this.#tellReaders();
    this.#keep(features.length > 0);
  }

  async #readRegistry(when: ReadingStep['registry']): Promise<void> {
    if (when === 'beside') void this.#keeper.refresh();
    if (when === 'soon') this.#keeper.soon();
    if (when !== 'before') return;
    await this.#keeper.readNames();
    await this.#keeper.refresh();
    if (this.#started) this.#listening?.soon();
  }

  #reportOtherHistory(generation: number): void {
    const before = this.#left;
    if (before === null) return;
    this.#left = null;
    reportOtherHistory({ log: this.#settings.log, events: this.#events }, before, generation);
  }

  #keep(news: boolean): void {
    this.#keeping?.confirmed(() => {
      const published = this.published();
      if (published === null) throw new Error('there is no snapshot to keep');
      return { content: contentOf(published), confirmed_at: published.state.now.getTime() };
    }, news);
  }

  published(): Published | null {
    const { state } = this.follower;
    if (state === null || this.standing.status === 'refused') return null;
    const { holders, categories, facts } = this.registry;
    return { state, features: this.decider.rows(), holders, categories, facts };
  }

  time(): number {
    return this.#clock.time();
  }

  onReading(listener: () => void): () => void {
    this.#readers.add(listener);
    return () => this.#readers.delete(listener);
  }

  wantCategories(): Promise<void> {
    return this.#keeper.wantCategories();
  }

  #tellReaders(): void {
    for (const listener of this.#readers) listener();
  }

  #announce(features: readonly string[]): void {
    if (features.length === 0) return;
    this.#events.emit('change', { features, generation: this.follower.generation ?? 0 });
  }

  async close(): Promise<void> {
    await this.#keeping?.close();
    this.standing.close();
    this.follower.close();
    this.#keeper.close();
    this.#polling?.stop();
    this.#endAging();
    if (this.#listening) await within(CLOSE_MS, this.#listening.close());
  }
}
