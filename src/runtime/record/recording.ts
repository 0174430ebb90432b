import { after, pause } from '../../lib/portable/timers.ts';
import { backOff, type Repetition, repeat } from '../host/poll.ts';
import type { OpenBreaker } from '../host/rollout-events.ts';
import type { Settings } from '../host/settings.ts';
import type { Complaints } from '../host/throttled-log.ts';
import { within } from '../host/timeout.ts';
import { EarlyFlush } from './early-flush.ts';
import { beforeEnd } from './exit.ts';
import { FuseLook } from './fuse-look.ts';
import type { Sink } from './parcel/sink.ts';
import { PresenceOf } from './presence.ts';
import { Recorder } from './recorder.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** Longest pause in milliseconds between two attempts while a caller waits. */
const LONGEST_WAIT_MS = 1_000;
/** Pending items that cause an early flush: a smaller batch blocks others for a shorter time. */
const MANY = 5_000;
/** Milliseconds from a failure that causes an early flush to that flush. */
const SOON_MS = 250;

type RecordingSettings = Pick<Settings, 'flushMs' | 'maxPending' | 'closeMs' | 'flushOnExit' | 'now' | 'log'>;

/** The recorder and the triggers of its flushes: time, amount, and the end of the process. */
export class Recording {
  readonly recorder: Recorder;
  readonly #settings: RecordingSettings;
  readonly #sink: Sink;
  readonly #complaints: Complaints;
  #flushing: Repetition | null = null;
  #stayAtExit = () => {};
  /** True: the database did not answer the last flush. */
  #away = false;
  #early = false;
  readonly #earlyFlush = new EarlyFlush();
  /** Cancels the early flush; null: none is due. */
  #soon: (() => void) | null = null;
  readonly #look: FuseLook;
  /** Time, by `now`, until which nothing is sent because the other side asked for a pause. */
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** True: a failure was recorded since the last flush. */
  #failed = false;
  #closed = false;

  readonly #presence: PresenceOf;

  constructor(
    settings: RecordingSettings,
    sink: Sink,
    complaints: Complaints,
    breakers: () => OpenBreaker[],
  ) {
    this.#settings = settings;
    this.#presence = new PresenceOf({ sink, now: settings.now, breakers });
    this.#sink = sink;
    this.#look = new FuseLook(sink);
    this.#complaints = complaints;
    const { maxPending, now } = settings;
    this.recorder = new Recorder({ sink, maxPending, now, onFailure: complaints.fail });
  }

  /** The prefix of the ids of this process's jobs. */
  get process(): string {
    return this.#presence.process;
  }

  start(): void {
    const { flushMs, flushOnExit } = this.#settings;
    this.#flushing = repeat(
      () => this.#once(),
      (failures) =>
        Math.max(
          this.#pauseLeft(),
          this.#away ? backOff(FIRST_PAUSE_MS, failures - 1, Math.max(flushMs, LONGEST_PAUSE_MS)) : flushMs,
        ),
    );
    if (flushOnExit) this.#stayAtExit = beforeEnd(() => this.#flushLast());
  }

  /** Call after each record; `failed`: the job failed. */
  added(failed: boolean): void {
    if (failed) this.#hurry();
    if (this.#early || this.#away || this.recorder.pending < MANY) return;
    this.#early = true;
    void this.#once()
      .catch(() => {})
      .finally(() => {
        this.#early = false;
      });
  }

  /** The flush with the failing jobs rolls the feature back, so it is sent early. */
  #hurry(): void {
    this.#failed = true;
    if (!this.#earlyFlush.failed(this.#settings.now()) || this.#away || this.#closed) return;
    this.#soon ??= after(SOON_MS, () => {
      this.#soon = null;
      void this.#once().catch(() => {});
    });
  }

  #pauseLeft(): number {
    return Math.max(0, this.#pausedUntil - this.#settings.now());
  }

  async #once(): Promise<void> {
    const failed = this.#failed;
    this.#failed = false;
    try {
      const busy = this.recorder.pending > 0;
      await this.recorder.flush();
      this.#away = false;
      await this.#presence.flushed(busy);
      if (failed) this.#look.soon();
    } catch (error) {
      this.#failed ||= failed;
      this.#away = this.#sink.failureOf(error) === 'away';
      this.#pausedUntil = this.#settings.now() + this.#sink.pauseAfter(error);
      this.#complaints.fail(error);
      throw error;
    }
  }

  /** Sends until nothing is pending, for at most `closeMs`; true: nothing is pending. */
  async flush(): Promise<boolean> {
    const { now, closeMs } = this.#settings;
    const end = now() + closeMs;
    for (let failures = 0; ; failures++) {
      const sent = await within(
        end - now(),
        this.#once().then(
          () => true,
          () => false,
        ),
      );
      // Outcomes from before the first snapshot wait for it.
      if (sent && this.recorder.early === 0) return this.recorder.pending === 0;
      const wait = Math.max(this.#pauseLeft(), backOff(FIRST_PAUSE_MS, failures, LONGEST_WAIT_MS));
      if (sent === null || now() + wait >= end) return false;
      await pause(wait);
    }
  }

  async #flushLast(): Promise<boolean> {
    const sent = await this.flush();
    if (sent) await within(this.#settings.closeMs, this.#presence.leave());
    if (!sent) {
      this.#complaints.say(
        `the process ends, and the database has not taken ${this.recorder.outcomes} outcomes`,
      );
    }
    return sent;
  }

  async close(): Promise<void> {
    this.#stayAtExit();
    this.#flushing?.stop();
    this.#closed = true;
    this.#soon?.();
    this.#look.close();
    if (await this.flush()) await within(this.#settings.closeMs, this.#presence.leave());
    const lost = this.recorder.abandon();
    if (lost > 0) {
      this.#settings.log(`closed without the database: ${lost} outcomes are lost`);
    }
  }
}
