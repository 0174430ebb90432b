import type { Routing } from '../spec/spec.ts';
import { classOf, type JobClass, ROUTING_RULES, type RoutingRule } from './routing.ts';

/** Jobs of one day that one rule routed. */
export interface RouteSum {
  feature: string;
  epoch: number;
  rule: RoutingRule;
  /** Day of the routing: days since 1970, in UTC. */
  day: number;
  jobs: number;
}

const DAY_MS = 86_400_000;
/** Sums that wait at most: while nobody takes them a rule of a feature is one more each day. */
const MOST = 10_000;

/** Routed jobs added up until they are flushed: a handful of sums of a feature, however many jobs are routed. */
export class RouteSums {
  readonly items: RouteSum[] = [];
  readonly #byFeature = new Map<string, RouteSum[]>();

  /** `at`: milliseconds since 1970. */
  add(feature: string, epoch: number, rule: RoutingRule, at: number): void {
    const day = Math.floor(at / DAY_MS);
    let sums = this.#byFeature.get(feature);
    for (const sum of sums ?? []) {
      if (sum.rule !== rule || sum.day !== day || sum.epoch !== epoch) continue;
      sum.jobs += 1;
      return;
    }
    if (this.items.length >= MOST) return;
    const sum = { feature, epoch, rule, day, jobs: 1 };
    sums ??= [];
    sums.push(sum);
    this.#byFeature.set(feature, sums);
    this.items.push(sum);
  }
}

/** How often one rule decided. */
export interface RuleUse {
  rule: RoutingRule;
  /** Class and processor of the jobs that it decides. */
  job_class: JobClass;
  processor: string;
  today: number;
  /** Seven days, today among them. */
  week: number;
  /** Since the epoch began; 0: never since. */
  epoch: number;
  /** Last day (UTC) on which it decided, YYYY-MM-DD; null: not on the days that are kept. */
  last_day: string | null;
  /** The days (UTC) of the last 14 on which it decided, oldest first. */
  days: { day: string; jobs: number }[];
}

/** What is kept of one rule. */
export type KeptRule = Omit<RuleUse, 'rule' | 'job_class' | 'processor'> & { rule: string };

const NEVER: Omit<KeptRule, 'rule'> = { today: 0, week: 0, epoch: 0, last_day: null, days: [] };

/**
 * Each rule that could have decided, in the order in which they are tried, also where it never did; nothing where no job was
 * routed at all. The breaker is a rule where the file asks for it, or it once did.
 */
export function ruleUses(kept: readonly KeptRule[], routing: Routing): RuleUse[] {
  if (kept.length === 0) return [];
  return ROUTING_RULES.flatMap((rule): RuleUse[] => {
    const known = kept.find((one) => one.rule === rule);
    if (!known && rule === 'breaker' && routing.breaker !== true) return [];
    const job_class = classOf(rule);
    return [{ ...NEVER, ...known, rule, job_class, processor: routing[job_class] }];
  });
}

/** As it stands beside a feature: nothing where no job was routed. */
export function routesTold(uses: RuleUse[]): { routes?: RuleUse[] } {
  return uses.length === 0 ? {} : { routes: uses };
}
