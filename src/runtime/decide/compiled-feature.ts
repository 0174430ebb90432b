import {
  bucketOfLow,
  Hash,
  hashInto,
  lowHalvesBelow,
  type Seed,
  seedOf,
} from '../../domain/eligibility/bucket.ts';
import { categoriesInBand } from '../../domain/eligibility/category.ts';
import { bucketsBelow, type Overrides } from '../../domain/eligibility/eligibility.ts';
import { routingFrom } from '../../domain/evidence/routing.ts';
import { looksLikeName } from '../../domain/spec/at-most.ts';
import { isOwnerPattern } from '../../domain/spec/audience/audience.ts';
import type { Routing } from '../../domain/spec/spec.ts';
import { LONGEST_SUBJECT, subjectProblem } from '../../domain/spec/subject-id.ts';
import type { RuntimeFeature } from '../../store/runtime/feature.ts';
import { type Categories, categoryBits } from './category-codes.ts';
import * as code from './decision-codes.ts';
import { FactsRule } from './facts-rule.ts';
import type { Profiles } from './facts-table.ts';
import { IdTable } from './id-table.ts';

/** Registry data that a feature needs besides categories, for its subject type. */
export interface Known {
  /** Returns ids of subjects that now have one of these names; for `acme/*`, of repositories of that owner. */
  holdersOf(names: readonly string[]): readonly string[];
  knowsHolders(name: string): boolean;
  profiles(): Profiles | null;
}

const NOTHING_KNOWN: Known = { holdersOf: () => [], knowsHolders: () => true, profiles: () => null };

/** The rule that decides after the lists. */
type Rule = 'whitelist' | 'percentage' | 'percentage_of_categories' | 'repository_size';

/**
 * One feature prepared for decisions: the salt's seed, the lists and the limits are computed once. The definition is
 * `evaluate` in the domain; `test/runtime/agreement.test.ts` compares both with PostgreSQL's.
 */
export class CompiledFeature {
  readonly row: RuntimeFeature;
  /** List entries that are matched with a subject's present name: blacklisted names, and owners. */
  readonly names: readonly string[];
  readonly routing: Routing;
  /** The percentage in force, overrides included. */
  readonly percentage: number;
  /** The decision for everybody while the feature is off; 0 while it is on. */
  #off = 0;
  readonly #envStop: boolean;
  readonly #seed: Seed;
  readonly #hash = new Hash();
  readonly #whitelist: IdTable | null;
  readonly #blacklist: IdTable | null;
  readonly #rule: Rule;
  readonly #facts: FactsRule | null;
  /** True: the subjects of a blacklisted owner are not known, so nobody is in. */
  readonly #ownersUnknown: boolean;
  /** Hashes whose low half is below this value are in. */
  readonly #below: number;
  /** Bit mask of the admitted category codes. */
  readonly #admitted: number;
  readonly #categories: Categories;

  constructor(
    row: RuntimeFeature,
    overrides: Overrides,
    categories: Categories,
    known: Known = NOTHING_KNOWN,
  ) {
    const strategy = overrides.strategy ?? row.strategy;
    this.row = row;
    this.routing = routingFrom(row.routing);
    this.percentage = overrides.percentage ?? row.percentage;
    this.#envStop = overrides.env_stop === true;
    this.#seed = seedOf(row.salt);
    const owners = row.whitelist.filter(isOwnerPattern);
    const keptOut = row.blacklist.filter(looksLikeName);
    this.names = [...keptOut, ...owners];
    this.#whitelist = IdTable.of([...idsIn(row.whitelist), ...known.holdersOf(owners)], this.#seed);
    this.#blacklist = IdTable.of([...idsIn(row.blacklist), ...known.holdersOf(keptOut)], this.#seed);
    this.#ownersUnknown = keptOut.some((name) => isOwnerPattern(name) && !known.knowsHolders(name));
    this.#facts = FactsRule.of(row, this.#seed, known.profiles);
    this.#rule = strategy === 'percentage' && row.categories !== null ? 'percentage_of_categories' : strategy;
    this.#below = lowHalvesBelow(bucketsBelow(this.percentage));
    this.#admitted = categoryBits(
      strategy === 'repository_size' ? categoriesInBand(this.percentage) : (row.categories ?? []),
    );
    this.#categories = categories;
    this.stopAll(false);
  }

  /** Does a decision, or the time limit of a job, ever need a category? */
  get needsCategories(): boolean {
    if (!this.row.active || this.row.subject !== 'repository') return false;
    if (Object.keys(this.row.slower_than_by).length > 0) return true;
    return this.#rule === 'repository_size' || this.#rule === 'percentage_of_categories';
  }

  /** Sets or lifts the global stop; a feature that is off by itself keeps its own reason. */
  stopAll(globalStop: boolean): void {
    this.#off = this.#envStop
      ? code.ENV_STOP
      : !this.row.active
        ? code.INACTIVE
        : this.row.emergency_stop
          ? code.EMERGENCY_STOP
          : globalStop
            ? code.GLOBAL_STOP
            : 0;
  }

  /** Decides on a subject, as a code of `decision-codes.ts`; no for anything that is not an id. Allocates nothing. */
  decide(id: string): number {
    if (this.#off !== 0) return this.#off;
    const hash = this.#hash;
    hashInto(this.#seed, id, hash);
    if (!isIdHashed(id, hash)) return code.NOBODY;
    return this.#isOver(id, hash) ? code.OVER_PERCENTAGE : this.decideBy(id, hash);
  }

  /** Is the subject out by its own bucket, whatever its attributes? Only `decideBy` distinguishes the two reasons. */
  #isOver(id: string, hash: Hash): boolean {
    if (this.#facts === null || this.#facts.groups || hash.low >>> 0 < this.#below) return false;
    const byBucket = this.#rule === 'percentage' || this.#rule === 'percentage_of_categories';
    return byBucket && !this.#whitelist?.has(id, hash);
  }

  /** Returns the subject's hash; valid until this feature hashes another subject. */
  hash(id: string): Hash {
    hashInto(this.#seed, id, this.#hash);
    return this.#hash;
  }

  /** Decides on a subject whose hash is known. */
  decideBy(id: string, hash: Hash): number {
    if (this.#off !== 0) return this.#off;
    if (this.#blacklist?.has(id, hash)) return code.BLACKLISTED;
    if (this.#ownersUnknown) return code.UNKNOWN_ATTRIBUTE;
    if (this.#whitelist?.has(id, hash)) return code.WHITELISTED;
    if (this.#facts !== null) return this.#byFacts(this.#facts, id, hash.low);
    return this.#byRule(id, hash.low);
  }

  /** Returns the bucket that `percentage` compares, the subject's own or its group's; null: it is in no group. */
  bucketOf(id: string, { low }: Hash): number | null {
    return this.#facts?.groups ? this.#facts.bucketOf(id) : bucketOfLow(low);
  }

  #byFacts(facts: FactsRule, id: string, own: number): number {
    if (this.#rule === 'whitelist') return code.NOT_WHITELISTED;
    const refusal = facts.refusal(id);
    if (refusal !== 0) return refusal;
    return this.#byRule(id, facts.groups ? facts.low : own);
  }

  #byRule(id: string, low: number): number {
    switch (this.#rule) {
      case 'percentage':
        return low >>> 0 < this.#below ? code.UNDER_PERCENTAGE : code.OVER_PERCENTAGE;
      case 'percentage_of_categories':
        if (((this.#admitted >> this.#categories.codeOf(id)) & 1) === 0) return code.OTHER_CATEGORY;
        return low >>> 0 < this.#below ? code.UNDER_PERCENTAGE : code.OVER_PERCENTAGE;
      case 'repository_size':
        return this.#bySize(id);
      case 'whitelist':
        return code.NOT_WHITELISTED;
    }
  }

  #bySize(id: string): number {
    if (this.percentage >= 100) return code.SMALL_ENOUGH;
    if (this.percentage <= 0) return code.TOO_LARGE;
    const category = this.#categories.codeOf(id);
    if (category === 0) return code.UNCATEGORIZED;
    return ((this.#admitted >> category) & 1) === 1 ? code.SMALL_ENOUGH : code.TOO_LARGE;
  }
}

/** Is this a valid id of a subject? `hash` is its hash. */
export function isIdHashed(id: string, hash: Hash): boolean {
  return (hash.plain && id.length <= LONGEST_SUBJECT) || subjectProblem(id) === null;
}

/** Returns the entries that are not owners, because no subject has such an id. */
function idsIn(list: readonly string[]): readonly string[] {
  return list.some(isOwnerPattern) ? list.filter((entry) => !isOwnerPattern(entry)) : list;
}
