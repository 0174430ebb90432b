import { bucketOfLow, Hash, hashInto, type Seed } from '../../domain/eligibility/bucket.ts';
import { isNarrowed, type Narrowing, narrowedOut } from '../../domain/spec/audience/audience.ts';
import * as code from './decision-codes.ts';
import type { Profiles } from './facts-table.ts';

const NO_VERDICTS = new Uint8Array(0);
/** Marks a profile that passes, besides the codes of refusals; 0 is undecided. */
const PASSES = 255;

/**
 * `where`, `not` and `group_by` of one feature. Each profile is decided once, so that a decision is one table lookup,
 * however long the lists are.
 */
export class FactsRule {
  readonly #narrowing: Narrowing;
  readonly #seed: Seed;
  readonly #profilesNow: () => Profiles | null;
  /** The profiles of the stored verdicts. */
  #profiles: Profiles | null = null;
  #verdicts: Uint8Array = NO_VERDICTS;
  /** Low halves of the groups' hashes. */
  #lows = new Int32Array(0);
  /** Low half of the group's hash of the subject that passed last. */
  low = 0;

  constructor(narrowing: Narrowing, seed: Seed, profilesNow: () => Profiles | null) {
    this.#narrowing = narrowing;
    this.#seed = seed;
    this.#profilesNow = profilesNow;
  }

  /** Returns null without any narrowing: a decision checks that first. */
  static of(narrowing: Narrowing, seed: Seed, profilesNow: () => Profiles | null): FactsRule | null {
    return isNarrowed(narrowing) ? new FactsRule(narrowing, seed, profilesNow) : null;
  }

  /** Do subjects share the bucket of their group? */
  get groups(): boolean {
    return this.#narrowing.group_by !== undefined;
  }

  /** Returns the code of a refusal; 0: the subject passes, and `low` is set to its group's. */
  refusal(id: string): number {
    const profiles = this.#profilesNow();
    if (profiles !== this.#profiles) this.#begin(profiles);
    const profile = profiles === null ? 0 : profiles.profileOf(id);
    const verdict = this.#verdicts[profile] || this.#judge(profile);
    if (verdict !== PASSES) return verdict;
    this.low = this.#lows[profile] ?? 0;
    return 0;
  }

  /** Returns the bucket of the subject's group; null: it is in none. */
  bucketOf(id: string): number | null {
    const profiles = this.#profilesNow();
    const facts = profiles === null ? null : profiles.factsOf(profiles.profileOf(id));
    const { group_by = '' } = this.#narrowing;
    return facts !== null && Object.hasOwn(facts, group_by)
      ? bucketOfLow(this.#lowOf(facts[group_by] ?? ''))
      : null;
  }

  #begin(profiles: Profiles | null): void {
    this.#profiles = profiles;
    this.#verdicts = NO_VERDICTS;
    this.#lows = new Int32Array(0);
  }

  #judge(profile: number): number {
    if (profile >= this.#verdicts.length) this.#grow(profile);
    const facts = this.#profiles?.factsOf(profile) ?? null;
    const out = narrowedOut(this.#narrowing, facts);
    const verdict =
      out === null ? PASSES : out === 'attribute' ? code.OTHER_ATTRIBUTE : code.UNKNOWN_ATTRIBUTE;
    const { group_by } = this.#narrowing;
    if (verdict === PASSES && group_by !== undefined)
      this.#lows[profile] = this.#lowOf(facts?.[group_by] ?? '');
    this.#verdicts[profile] = verdict;
    return verdict;
  }

  #grow(profile: number): void {
    const size = Math.max(16, 2 * profile);
    const [verdicts, lows] = [this.#verdicts, this.#lows];
    this.#verdicts = new Uint8Array(size);
    this.#verdicts.set(verdicts);
    this.#lows = new Int32Array(this.groups ? size : 0);
    this.#lows.set(lows);
  }

  #lowOf(group: string): number {
    const hash = new Hash();
    hashInto(this.#seed, group, hash);
    return hash.low;
  }
}
