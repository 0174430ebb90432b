import { SUBJECT_TYPES, type SubjectType } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import { after, every, pause } from '../../lib/portable/timers.ts';
import { oneAtATime } from '../../lib/single-flight.ts';
import { Decider } from '../decide/decider.ts';
import { EnvironmentOverrides, sentenceOf } from '../decide/environment.ts';
import type { Followed, Ground } from '../follow/followed.ts';
import { type Keeping, keepingFor, sentenceOfRecall } from '../follow/keeping.ts';
import { Recalled } from '../follow/recalled.ts';
import { isRefusal, Standing } from '../follow/snapshot-status.ts';
import { backOff, type Repetition, repeat } from '../host/poll.ts';
import { within } from '../host/timeout.ts';
import { writtenFeatures } from '../wire/content-of.ts';
import { BEAT_MS, WIRE_VERSION, type WireChange, type WireContent, type WireMoment } from '../wire/wire.ts';
import type { RelayClient } from './relay-client.ts';
import { RelaySnapshot } from './relay-snapshot.ts';
import { RelayStream } from './relay-stream.ts';
import { RelayedRegistry } from './relayed-registry.ts';
import type { HttpSettings } from './settings.ts';

/** Polls, or beats, that may be missed before a snapshot is called stale. */
const MISSED = 3;
/** What a relay showed is believed so long against another one that knows less. */
const LAG_MS = 15_000;
const LONGEST_PAUSE_MS = 30_000;
const FIRST_PAUSE_MS = 100;
/** The start waits so long for the stream. */
const HELLO_MS = 1_000;
/** Who is told at the same moment as everybody else does not ask at the same moment. */
const JITTER_MS = 500;
/** Categories of a million repositories are 8 MB. */
const LONGEST_JITTER_MS = 30_000;
const BYTES_A_MS = 100;
/** Also while a stream tells of everything: by a question the clocks are compared. */
const CLOCK_MS = 600_000;

/** The snapshot of a relay and what keeps it true: a stream of changes, and questions while there is none. */
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
  readonly #stream: RelayStream | null;
  #polling: Repetition | null = null;
  #endAging = () => {};
  #callOffPoll: (() => void) | null = null;
  /** By `now`. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #closed = false;
  /** Of the content, beside its features. */
  #stateOf: Pick<WireContent, 'environment' | 'global_stop'> = { environment: null, global_stop: false };

  /** Asks for what there is, one question at a time; who asks meanwhile has it asked once more afterwards. */
  readonly poll: () => Promise<void>;
  readonly #readCategories: () => Promise<void>;
  readonly #readFacts: Readonly<Record<SubjectType, () => Promise<void>>>;

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
    this.#readCategories = oneAtATime(() => this.#fetchCategories());
    this.#readFacts = {
      repository: oneAtATime(() => this.#fetchFacts('repository')),
      customer: oneAtATime(() => this.#fetchFacts('customer')),
    };
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

  async start(): Promise<void> {
    const { pollMs, maxStaleMs, startMs, now } = this.#settings;
    const end = now() + startMs;
    const over = new AbortController();
    try {
      await within(startMs, this.#first(over.signal));
    } finally {
      over.abort();
    }
    await this.#recall();
    this.#polling = repeat(
      () => this.#pollUnlessTold(),
      (failures) => backOff(pollMs, failures, Math.max(pollMs, LONGEST_PAUSE_MS)),
    );
    this.#endAging = every(Math.min(1_000, maxStaleMs / 4), () => this.standing.judgeAge());
    this.#stream?.start();
    if (this.#stream) await within(Math.min(HELLO_MS, end - now()), this.#stream.opened);
    if (this.standing.status === 'starting' || this.standing.status === 'refused') {
      this.#ground.complaints.say('the relay has not answered yet: nobody is eligible until it does');
    }
  }

  /** Nobody answered: what an earlier process kept is better than nothing, for as long as it is young enough. */
  async #recall(): Promise<void> {
    const recalled = this.standing.status === 'starting' ? await this.#keeping?.recall() : null;
    if (!recalled || this.standing.status !== 'starting') return;
    const { holders, features, global_stop } = recalled.content;
    this.registry.takeHolders(holders);
    this.decider.apply({ state: { global_stop }, features }, true);
    this.#recalled.use(recalled.ageMs);
    this.standing.recall();
    this.#ground.complaints.say(sentenceOfRecall(recalled.ageMs));
  }

  async #first(over: AbortSignal): Promise<void> {
    for (let failures = 0; !over.aborted; failures++) {
      try {
        return await this.poll();
      } catch (error) {
        if (isRefusal(error)) throw error;
        await pause(backOff(FIRST_PAUSE_MS, failures, 1_000), over);
      }
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

  /** A relay said how it stands, and nothing more. */
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

  async #take(
    moment: WireMoment,
    news: { content: WireContent } | { change: WireChange } | null,
  ): Promise<void> {
    const step = this.#snapshot.stepTo(moment);
    // Another relay showed more: this one will show it later.
    if (step === 'behind') return;
    const before = this.#snapshot.generation;
    const features =
      news === null ? [] : 'content' in news ? this.#applyAll(news.content) : this.#apply(news.change);
    this.#snapshot.confirm(moment, step === 'other_history');
    await this.#keepCategories(moment);
    await this.#keepFacts(moment);
    if (this.#closed) return;
    if (step === 'other_history') this.#tellOtherHistory(before ?? 0, moment.generation);
    this.#confirm(this.#snapshot.ageOf(moment));
    this.standing.judgeAge();
    if (features.length > 0) this.#ground.events.emit('change', { features, generation: moment.generation });
    this.#keep(moment, features.length > 0);
    for (const override of this.#overrides.takeNews()) this.#settings.log(sentenceOf(override));
  }

  #keep({ read_at }: WireMoment, news: boolean): void {
    this.#keeping?.confirmed(() => {
      const { registry, decider } = this;
      const { environment, global_stop } = this.#stateOf;
      const content = {
        version: WIRE_VERSION,
        environment,
        global_stop,
        holders: registry.holders,
        features: writtenFeatures(decider.rows()),
      };
      return { content, confirmed_at: read_at };
    }, news);
  }

  /** A relay without its database confirms no more than its last reading did. */
  #confirm(ageMs: number): void {
    const isYoung = ageMs <= this.#staleMs;
    const isUsable = ageMs <= this.#settings.maxStaleMs && this.standing.status !== 'stale';
    if (isYoung || isUsable) this.standing.confirm();
  }

  #applyAll({ environment, global_stop, holders, features }: WireContent): string[] {
    refuseOther(this.#settings.environment, environment);
    this.#stateOf = { environment, global_stop };
    const moved = this.registry.takeHolders(holders);
    const changed = this.decider.apply({ state: { global_stop }, features }, true);
    return [...new Set([...changed, ...this.decider.renamed(moved)])];
  }

  #apply({ environment, global_stop, holders, features, gone }: WireChange): string[] {
    refuseOther(this.#settings.environment, environment);
    this.#stateOf = { environment, global_stop };
    const moved = holders === null ? new Set<string>() : this.registry.takeHolders(holders);
    const changed = this.decider.apply({ state: { global_stop }, features }, false);
    const removed = this.decider.remove(gone);
    return [...new Set([...changed, ...removed, ...this.decider.renamed(moved)])];
  }

  /** The first time nobody is decided on by half of what is needed. Later a stop must not wait for megabytes. */
  async #keepCategories(moment: WireMoment): Promise<void> {
    if (this.decider.needs()?.categories !== true) return;
    if (this.registry.tag !== null && this.registry.tag === moment.subjects) return;
    const reading = this.#readCategories().catch(this.#ground.complaints.fail);
    if (this.standing.status === 'starting' || this.standing.status === 'refused') await reading;
  }

  async #keepFacts({ facts }: WireMoment): Promise<void> {
    for (const subject of SUBJECT_TYPES) {
      const tag = facts[subject];
      const isAsked = (this.decider.needs()?.attributes[subject].length ?? 0) > 0;
      if (!isAsked || tag === undefined || this.registry.factsTag(subject) === tag) continue;
      const reading = this.#readFacts[subject]().catch(this.#ground.complaints.fail);
      if (this.standing.status === 'starting' || this.standing.status === 'refused') await reading;
    }
  }

  async #fetchFacts(subject: SubjectType): Promise<void> {
    if (this.registry.factsTag(subject) !== null) await this.#notAllAtOnce();
    const body = await this.#client.facts(subject);
    if (!this.#closed) this.registry.takeFacts(subject, body);
  }

  /** Not with every other application at the same moment. */
  #notAllAtOnce(): Promise<void> {
    return pause(Math.random() * Math.min(LONGEST_JITTER_MS, this.registry.bytes / BYTES_A_MS));
  }

  async #fetchCategories(): Promise<void> {
    if (this.registry.tag !== null) await this.#notAllAtOnce();
    const body = await this.#client.subjects();
    if (!this.#closed) this.registry.takeCategories(body);
  }

  #tellOtherHistory(before: number, generation: number): void {
    this.#settings.log(
      `the database has another history: generation ${generation}, and ${before} was known; it was restored, or a fail-over lost changes. Everything was read anew`,
    );
    this.#ground.events.emit('other_history', { before, generation });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#keeping?.close();
    this.standing.close();
    this.#stream?.close();
    this.#polling?.stop();
    this.#endAging();
    this.#callOffPoll?.();
  }
}

function refuseOther(expected: string | null, environment: string | null): void {
  if (expected === null || environment === null || environment === expected) return;
  throw new RolloutError(
    'environment_mismatch',
    `this application is for the environment ${JSON.stringify(expected)}, and the relay's database holds ${JSON.stringify(environment)}`,
    { hint: 'check the url, or the option environment of createRollout' },
  );
}
