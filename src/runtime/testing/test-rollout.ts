import type { Facts } from '../../domain/spec/audience/audience.ts';
import type { Category } from '../../domain/spec/vocabulary.ts';
import { categoryCode } from '../decide/category-codes.ts';
import { Decider } from '../decide/decider.ts';
import { EnvironmentOverrides } from '../decide/environment.ts';
import { Events } from '../host/events.ts';
import type { Job, JobEnd, ObserveOptions, Routed, Stamp } from '../host/job.ts';
import type { Rollout } from '../host/rollout.ts';
import type { RolloutEvents } from '../host/rollout-events.ts';
import type { RolloutState } from '../host/rollout-state.ts';
import { routed, routedBlindly } from '../jobs/routed.ts';
import { knownFacts } from './known-facts.ts';
import type { ObservedEvent, RecordedEnd } from './recorded.ts';
import { rowOf, type TestFeature, type TestFeatures } from './test-features.ts';
import { TestRecording } from './test-recording.ts';

export interface TestOptions {
  /** Categories of repositories by id; others have none. Default: nobody has one. */
  categories?: Readonly<Record<string, Category>>;
  /**
   * Attributes of subjects by id, for `where`, `not` and `group_by`; `owner` is a repository's owner. Others have none.
   * Default: nobody has any.
   */
  attributes?: Readonly<Record<string, Facts>>;
  /** Variables that affect decisions, such as `ROLLOUT_EMERGENCY_STOP`; default none, whatever the process has. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970; default `Date.now`. */
  now?: () => number;
}

/** A rollout in memory, with the decisions and guarantees of the one that follows a database. */
export interface TestRollout extends Rollout {
  /** Changes or adds a feature, as a reconcile would; omitted fields stay. Throws TypeError like `testRollout`. */
  set(feature: string, fields: TestFeature | boolean): void;
  /** Archives a feature, which is then unknown. */
  remove(feature: string): void;
  /** `true`: as after `rollout stop --all`. */
  stopAll(stopped: boolean): void;
  /** Recorded ends that count, oldest first. */
  readonly ended: readonly RecordedEnd[];
  /** Observed events that count, oldest first. */
  readonly observed: readonly ObservedEvent[];
  /** Stamps of open jobs, oldest first. */
  readonly open: readonly Stamp[];
  /** Why `record` or `observe` did not count its input, oldest first. */
  readonly refused: readonly string[];
}

/**
 * A rollout for unit tests: no database, no timer, nothing to wait for.
 *
 *     const rollout = testRollout({ new_checkout: { percentage: 25 }, old_search: false });
 *     rollout.isEligible('new_checkout', 'repo-1');
 *
 * Throws TypeError for a field that no feature has, a percentage out of range, and a name in a list.
 */
export function testRollout(features: TestFeatures = {}, options: TestOptions = {}): TestRollout {
  return new InMemoryRollout(features, options);
}

class InMemoryRollout implements TestRollout {
  readonly #given = new Map<string, TestFeature>();
  readonly #events: Events;
  readonly #decider: Decider;
  readonly #recording: TestRecording;
  readonly #now: () => number;
  #generation = 1;
  #stopped = false;
  #isClosed = false;

  constructor(
    features: TestFeatures,
    { categories = {}, attributes = {}, env = {}, now = Date.now }: TestOptions,
  ) {
    const known = new Map(Object.entries(categories));
    this.#now = now;
    this.#events = new Events((line) => this.#recording.refused.push(line));
    this.#decider = new Decider(new EnvironmentOverrides(env), {
      codeOf: (id) => categoryCode(known.get(id) ?? null),
      ...knownFacts(attributes),
    });
    this.#recording = new TestRecording(this.#decider, now);
    for (const [feature, fields] of Object.entries(features)) this.#put(feature, fields);
    this.#decider.open();
  }

  get ended(): readonly RecordedEnd[] {
    return this.#recording.ended;
  }

  get observed(): readonly ObservedEvent[] {
    return this.#recording.observed;
  }

  get open(): readonly Stamp[] {
    return this.#recording.open;
  }

  get refused(): readonly string[] {
    return this.#recording.refused;
  }

  set(feature: string, fields: TestFeature | boolean): void {
    this.#changed(this.#put(feature, fields));
  }

  remove(feature: string): void {
    const row = this.#decider.rowOf(feature);
    if (!row) return;
    this.#given.delete(feature);
    this.#changed(this.#apply([{ ...row, active: false, archived: true }]));
  }

  stopAll(stopped: boolean): void {
    this.#stopped = stopped;
    this.#changed(this.#apply([]));
  }

  #put(feature: string, fields: TestFeature | boolean): string[] {
    const asked = typeof fields === 'boolean' ? { active: fields, percentage: 100 } : fields;
    const given = { ...this.#given.get(feature), ...asked };
    const before = this.#decider.rowOf(feature);
    const row = rowOf(feature, given, before?.epoch ?? 1);
    // As in the database: switched on again, or with another cohort, a feature begins a new epoch.
    const anew =
      before !== undefined &&
      ((row.active && !before.active) ||
        row.salt !== before.salt ||
        row.strategy !== before.strategy ||
        row.group_by !== before.group_by ||
        row.subject !== before.subject);
    this.#given.set(feature, given);
    return this.#apply([anew ? { ...row, epoch: row.epoch + 1 } : row]);
  }

  #apply(features: Parameters<Decider['apply']>[0]['features']): string[] {
    return this.#decider.apply({ state: { global_stop: this.#stopped }, features }, false);
  }

  #changed(features: readonly string[]): void {
    if (features.length === 0) return;
    this.#generation += 1;
    this.#events.emit('change', { features, generation: this.#generation });
  }

  isEligible(feature: string, subject: string): boolean {
    return this.#decider.isEligible(feature, subject);
  }

  evaluate(feature: string, subject: string): ReturnType<Rollout['evaluate']> {
    return this.#decider.evaluate(feature, subject, this.#isClosed);
  }

  features(): readonly string[] {
    return this.#decider.names();
  }

  route(feature: string, job: Job): Routed {
    try {
      const { stamp, ...rest } = routed(
        {
          ...{ decider: this.#decider, evaluate: (...asked) => this.evaluate(...asked), time: this.#now },
          process: '00000000',
          // In a test, routing does not depend on how other jobs ended.
          admits: () => true,
        },
        feature,
        job,
      );
      if (stamp) this.#recording.begin(stamp);
      return { ...rest, stamp };
    } catch {
      return routedBlindly(this.#decider, feature);
    }
  }

  record(end: JobEnd): void {
    this.#recording.record(end, this.#isClosed);
  }

  observe(about: Stamp | string | null, metric: string, bad: boolean, options: ObserveOptions = {}): void {
    this.#recording.observe({ about, metric, bad, options }, this.#isClosed);
  }

  async flush(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#decider.shut('not_ready');
  }

  on<K extends keyof RolloutEvents>(event: K, listener: (about: RolloutEvents[K]) => void): () => void {
    return this.#events.on(event, listener);
  }

  state(): RolloutState {
    return {
      status: this.#isClosed ? 'closed' : 'ready',
      generation: this.#generation,
      ageMs: 0,
      listening: true,
      controllerStale: false,
      pending: 0,
      dropped: this.refused.length,
      subjects: 0,
      subjectBytes: 0,
    };
  }
}
