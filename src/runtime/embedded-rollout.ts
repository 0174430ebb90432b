import type { Decider } from './decide/decider.ts';
import type { DatabaseClock } from './follow/database-clock.ts';
import type { Followed, Ground } from './follow/followed.ts';
import type { Evaluation } from './host/evaluation.ts';
import type { Events } from './host/events.ts';
import type { Job, JobEnd, ObserveOptions, Routed, Stamp } from './host/job.ts';
import type { Rollout } from './host/rollout.ts';
import type { RolloutEvents } from './host/rollout-events.ts';
import type { RolloutState } from './host/rollout-state.ts';
import type { Settings } from './host/settings.ts';
import type { Complaints } from './host/throttled-log.ts';
import { Breakers } from './jobs/breakers.ts';
import { type RoutingGround, routed, routedBlindly } from './jobs/routed.ts';
import { report } from './record/job-end.ts';
import { observe } from './record/observe.ts';
import type { Sink } from './record/parcel/sink.ts';
import { Recording } from './record/recording.ts';

/** A loop that never yields starves every timer, so the time is checked after this many decisions. */
const DECISIONS_A_LOOK = 4_096;

/** The parts in which a library on a database and one on a relay differ. */
interface Parts {
  ground: Ground;
  following: Followed;
  sink: Sink;
  /** Releases connections that both parts used. */
  release(): Promise<void>;
}

/** The implementation of `Rollout`. Call `start` once; before it, every decision is "not eligible". */
export class EmbeddedRollout implements Rollout {
  readonly #settings: Settings;
  readonly #clock: DatabaseClock;
  readonly #events: Events;
  readonly #complaints: Complaints;
  readonly #following: Followed;
  readonly #release: () => Promise<void>;
  readonly #recording: Recording;
  /** A direct reference, because every decision uses it. */
  readonly #decider: Decider;
  readonly #routing: RoutingGround;
  readonly #breakers: Breakers;
  /** Why no outcomes are accepted; null if they are. */
  readonly #refusal: string | null;
  #decisions = 0;
  #closing: Promise<void> | null = null;

  constructor(settings: Settings, { ground, following, sink, release }: Parts) {
    this.#settings = settings;
    this.#clock = ground.clock;
    this.#events = ground.events;
    this.#complaints = ground.complaints;
    this.#release = release;
    this.#refusal = sink.refusal;
    this.#following = following;
    const breakers = new Breakers(settings.now, (event) => this.#events.emit('breaker', event));
    this.#breakers = breakers;
    this.#recording = new Recording(settings, sink, this.#complaints, () => breakers.open());
    this.#decider = this.#following.decider;
    this.#routing = {
      admits: (feature, processor) => this.#breakers.admits(feature, processor),
      decider: this.#decider,
      evaluate: (feature, subject) => this.evaluate(feature, subject),
      process: this.#recording.process,
      time: () => this.#clock.time(),
    };
    this.#events.on('ready', () => this.#recordEarly());
  }

  async start(): Promise<void> {
    try {
      await this.#following.start();
      this.#recording.start();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  isEligible(feature: string, subject: string): boolean {
    this.#look();
    return this.#decider.isEligible(feature, subject);
  }

  evaluate(feature: string, subject: string): Evaluation {
    this.#look();
    return this.#decider.evaluate(feature, subject, this.#following.standing.status !== 'ready');
  }

  #look(): void {
    this.#decisions = (this.#decisions + 1) % DECISIONS_A_LOOK;
    if (this.#decisions === 0) this.#following.standing.judgeAge();
  }

  features(): readonly string[] {
    return this.#decider.names();
  }

  route(feature: string, job: Job): Routed {
    try {
      const found = routed(this.#routing, feature, job);
      if (found.stamp && this.#refusal === null) this.#recording.recorder.open(found.stamp, found.rule);
      return found;
    } catch (error) {
      // For example a payload with a getter that throws.
      this.#complaints.fail(error);
      return routedBlindly(this.#decider, feature);
    }
  }

  record(end: JobEnd): void {
    // Before the first reading the existing features are unknown.
    if (this.#refusal !== null) this.#refuse(this.#refusal);
    else if (this.#following.generation === null && !this.#closing) this.#keepEarly(end);
    else this.#record(end);
  }

  #refuse(why: string): void {
    this.#recording.recorder.drop();
    this.#complaints.say(why);
  }

  #keepEarly(end: JobEnd): void {
    try {
      this.#recording.recorder.keepEarly(end);
    } catch (error) {
      this.#recording.recorder.drop();
      this.#complaints.fail(error);
    }
  }

  #recordEarly(): void {
    const { now } = this.#settings;
    for (const { end, at } of this.#recording.recorder.takeEarly()) {
      this.#record(end, this.#clock.time() - (now() - at));
    }
  }

  #record(end: JobEnd, at?: number): void {
    const { recorder } = this.#recording;
    try {
      const problem = this.#closing
        ? 'record was called after close'
        : report(end, { decider: this.#decider, clock: this.#clock, recorder }, at);
      if (problem === null) {
        this.#recording.added(end.ok === false);
        this.#watch(end);
        return;
      }
      this.#refuse(problem);
    } catch (error) {
      recorder.drop();
      this.#complaints.fail(error);
    }
  }

  /** Watches only jobs that were routed here: they show whether a processor works in this process. */
  #watch({ stamp, ok }: JobEnd): void {
    if (stamp?.arm !== 'treatment' || this.#decider.routingOf(stamp.feature).breaker !== true) return;
    this.#breakers.ended(stamp.feature, stamp.processor, ok);
  }

  observe(about: Stamp | string | null, metric: string, bad: boolean, options: ObserveOptions = {}): void {
    const { recorder } = this.#recording;
    try {
      const known = this.#following.generation !== null;
      const ground = { decider: this.#decider, recorder, at: this.#clock.time(), known };
      const problem = this.#closing
        ? 'observe was called after close'
        : (this.#refusal ?? observe({ about, metric, bad, options }, ground));
      if (problem === null) {
        this.#recording.added(bad);
        return;
      }
      recorder.drop();
      this.#complaints.say(problem);
    } catch (error) {
      recorder.drop();
      this.#complaints.fail(error);
    }
  }

  flush(): Promise<boolean> {
    return this.#recording.flush();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#following.close();
    await this.#recording.close();
    await this.#release();
  }

  on<K extends keyof RolloutEvents>(event: K, listener: (about: RolloutEvents[K]) => void): () => void {
    return this.#events.on(event, listener);
  }

  state(): RolloutState {
    const { generation, ageMs, standing, registry, listening, standby } = this.#following;
    const { pending, dropped } = this.#recording.recorder;
    const breakers = this.#breakers.open();
    return {
      status: standing.status,
      generation,
      ageMs,
      listening,
      ...(standby ? { standby } : {}),
      controllerStale: standing.controllerStale,
      pending,
      dropped,
      subjects: registry.subjects,
      subjectBytes: registry.bytes,
      ...(breakers.length > 0 ? { breakers } : {}),
    };
  }
}
