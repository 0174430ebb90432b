import { after, every } from '../../lib/portable/timers.ts';
import { oneAtATime } from '../../lib/single-flight.ts';
import { Decider } from '../decide/decider.ts';
import { EnvironmentOverrides, sentenceOf } from '../decide/environment.ts';
import { firstReading } from '../follow/first-reading.ts';
import type { Followed, Ground } from '../follow/followed.ts';
import { type Keeping, keepingFor } from '../follow/keeping.ts';
import { reportOtherHistory } from '../follow/other-history.ts';
import { Recalled, startFromKept } from '../follow/recalled.ts';
import { isRefusal, Standing } from '../follow/snapshot-status.ts';
import { backOff, type Repetition, repeat } from '../host/poll.ts';
import { within } from '../host/timeout.ts';
import { BEAT_MS, type Holders, type WireChange, type WireMoment } from '../wire/wire.ts';
import type { RelayClient } from './relay-client.ts';
import { RelayFeatures, type RelayNews } from './relay-features.ts';
import { RelaySnapshot } from './relay-snapshot.ts';
import { RelayStream } from './relay-stream.ts';
import { RelayedRegistry } from './relayed-registry.ts';
import { RelayedRegistryKeeper } from './relayed-registry-keeper.ts';
import type { HttpSettings } from './settings.ts';

/** Polls or beats that may be missed before a snapshot counts as stale. */
const MISSED = 3;
/** Milliseconds for which a relay's snapshot is preferred to another relay's older one. */
const LAG_MS = 15_000;
const LONGEST_PAUSE_MS = 30_000;
const FIRST_PAUSE_MS = 100;
/** Milliseconds that the start waits for the stream. */
const HELLO_MS = 1_000;
/** Spreads the requests of many applications that are notified of a change at once. */
const JITTER_MS = 500;
/** Milliseconds between two requests although a stream reports everything: a request also synchronizes the clock. */
const CLOCK_MS = 600_000;

/** The snapshot of a relay and what keeps it current: a stream of changes, and polling without one. */
export class RelayFollowing implements Followed {
  readonly decider: Decider;
  readonly registry = new RelayedRegistry();
  readonly standing: Standing;
  readonly #settings: HttpSettings;
  readonly #staleMs: number;
  readonly #ground: Ground;
  readonly #client: RelayClient;
  readonly #snapshot: RelaySnapshot;
  readonly #recalled: Recalled;
  readonly #keeping: Keeping | null;
  readonly #overrides: EnvironmentOverrides;
  readonly #features: RelayFeatures;
  readonly #keeper: RelayedRegistryKeeper;
  readonly #stream: RelayStream | null;
  #polling: Repetition | null = null;
  #endAging = () => {};
  #callOffPoll: (() => void) | null = null;
  /** Time of the last request, by `now`. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  /** Requests the snapshot, one request at a time; a call meanwhile causes one more request afterwards. */
  readonly poll: () => Promise<void>;

  constructor(settings: HttpSettings, ground: Ground, client: RelayClient) {
    const { now, pollMs, maxStaleMs } = settings;
    const staleMs = Math.min(MISSED * Math.max(pollMs, settings.stream ? BEAT_MS : 0), maxStaleMs);
    this.#settings = settings;
    this.#staleMs = staleMs;
    this.#ground = ground;
    this.#client = client;
    this.#overrides = new EnvironmentOverrides(settings.env);
    this.decider = new Decider(this.#overrides, this.registry);
    this.#snapshot = new RelaySnapshot(now, ground.clock, LAG_MS);
    this.#recalled = new Recalled(this.#snapshot, now);
    this.#keeping = keepingFor(settings, settings.url.href, ground.complaints);
    this.standing = new Standing(
      { decider: this.decider, source: this.#recalled, events: ground.events },
      { staleMs, maxStaleMs },
    );
    this.poll = oneAtATime(() => this.#look());
    this.#features = new RelayFeatures(this.decider, this.registry, settings.environment);
    this.#keeper = new RelayedRegistryKeeper({
      ...{ client, decider: this.decider, registry: this.registry },
      isFirst: () => this.#isFirst,
      onFailure: ground.complaints.fail,
    });
    this.#stream = settings.stream
      ? new RelayStream(client, {
          onMoment: (moment, first) => this.#hear(moment, first),
          onChange: (change) => this.#hearChange(change),
          onLost: () => void this.poll().catch(() => {}),
          onFailure: (error) => ground.complaints.say(`no stream, so the poll alone finds changes: ${error}`),
        })
      : null;
  }

  get generation(): number | null {
    return this.#snapshot.generation;
  }

  get ageMs(): number | null {
    return this.#recalled.ageMs;
  }

  get standby(): boolean {
    return this.#snapshot.standby;
  }

  get listening(): boolean {
    return this.#stream?.live ?? false;
  }

  /** Has no decision been made yet? */
  get #isFirst(): boolean {
    return this.standing.status === 'starting' || this.standing.status === 'refused';
  }

  async start(): Promise<void> {
    const { pollMs, maxStaleMs, startMs, now } = this.#settings;
    const end = now() + startMs;
    await firstReading(this.poll, { startMs, firstPauseMs: FIRST_PAUSE_MS });
    const takeHolders = (holders: Holders) => void this.registry.takeHolders(holders);
    await startFromKept({
      ...{ keeping: this.#keeping, recalled: this.#recalled, standing: this.standing, decider: this.decider },
      ...{ complaints: this.#ground.complaints, takeHolders },
    });
    this.#polling = repeat(
      () => this.#pollUnlessTold(),
      (failures) => backOff(pollMs, failures, Math.max(pollMs, LONGEST_PAUSE_MS)),
    );
    this.#endAging = every(Math.min(1_000, maxStaleMs / 4), () => this.standing.judgeAge());
    this.#stream?.start();
    if (this.#stream) await within(Math.min(HELLO_MS, end - now()), this.#stream.opened);
    if (this.#isFirst) {
      this.#ground.complaints.say('the relay has not answered yet: nobody is eligible until it does');
    }
  }

  async #pollUnlessTold(): Promise<void> {
    if (this.listening && this.#settings.now() - this.#askedAt < CLOCK_MS) return;
    await this.poll();
  }

  async #look(): Promise<void> {
    if (this.#closed) return;
    try {
      const { moment, content, asked, answered } = await this.#client.snapshot(this.#snapshot.tag);
      if (this.#closed) return;
      this.#askedAt = asked;
      this.#ground.clock.sync(new Date(moment.now), asked, answered);
      await this.#take(moment, content && { content });
    } catch (error) {
      if (this.#closed) return;
      this.#fail(error);
      throw error;
    }
  }

  #fail(error: unknown): void {
    if (isRefusal(error)) this.standing.refuse(error);
    this.#ground.complaints.fail(error);
  }

  /** Handles a moment that a relay sent without content. */
  #hear(moment: WireMoment, first: boolean): void {
    if (this.#closed || this.#snapshot.tag === null) return;
    if (moment.tag !== this.#snapshot.tag) this.#pollWithin(first ? 0 : JITTER_MS);
    else void this.#take(moment, null).catch((error) => this.#fail(error));
  }

  #pollWithin(milliseconds: number): void {
    this.#callOffPoll ??= after(Math.random() * milliseconds, () => {
      this.#callOffPoll = null;
      void this.poll().catch(() => {});
    });
  }

  #hearChange(change: WireChange): void {
    if (this.#closed) return;
    if (change.from !== this.#snapshot.tag) this.#hear(change.moment, true);
    else void this.#take(change.moment, { change }).catch((error) => this.#fail(error));
  }

  async #take(moment: WireMoment, news: RelayNews | null): Promise<void> {
    const step = this.#snapshot.stepTo(moment);
    // Another relay has shown a newer state: this one will show it later.
    if (step === 'behind') return;
    const before = this.#snapshot.generation;
    const features = news === null ? [] : this.#features.take(news);
    this.#snapshot.confirm(moment, step === 'other_history');
    await this.#keeper.keep(moment);
    if (this.#closed) return;
    if (step === 'other_history') {
      const { log } = this.#settings;
      reportOtherHistory({ log, events: this.#ground.events }, before ?? 0, moment.generation);
    }
    this.#confirm(this.#snapshot.ageOf(moment));
    this.standing.judgeAge();
    if (features.length > 0) this.#ground.events.emit('change', { features, generation: moment.generation });
    this.#keep(moment, features.length > 0);
    for (const override of this.#overrides.takeNews()) this.#settings.log(sentenceOf(override));
  }

  #keep({ read_at }: WireMoment, news: boolean): void {
    this.#keeping?.confirmed(() => ({ content: this.#features.content(), confirmed_at: read_at }), news);
  }

  /** A relay without its database confirms no more than its last reading did. */
  #confirm(ageMs: number): void {
    const isYoung = ageMs <= this.#staleMs;
    const isUsable = ageMs <= this.#settings.maxStaleMs && this.standing.status !== 'stale';
    if (isYoung || isUsable) this.standing.confirm();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#keeper.close();
    await this.#keeping?.close();
    this.standing.close();
    this.#stream?.close();
    this.#polling?.stop();
    this.#endAging();
    this.#callOffPoll?.();
  }
}
