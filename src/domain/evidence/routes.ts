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
/** Limit of waiting sums: while nobody accepts them, each rule of a feature adds one a day. */
const MOST = 10_000;

/** Routed jobs added up until they are flushed: a handful of sums per feature, however many jobs are routed. */
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
  /** Class and processor of the jobs that the rule decides. */
  job_class: JobClass;
  processor: string;
  today: number;
  /** Jobs of seven days, including today. */
  week: number;
  /** Jobs since the epoch began; 0: none. */
  epoch: number;
  /** Last day (UTC) on which it decided, YYYY-MM-DD; null: on none of the stored days. */
  last_day: string | null;
  /** Days (UTC) among the last 14 on which it decided, oldest first. */
  days: { day: string; jobs: number }[];
}

/** Stored counts of one rule. */
export type KeptRule = Omit<RuleUse, 'rule' | 'job_class' | 'processor'> & { rule: string };

const NEVER: Omit<KeptRule, 'rule'> = { today: 0, week: 0, epoch: 0, last_day: null, days: [] };

/**
 * Returns each rule that could have decided, in the order of their checks, including rules that never did; empty if no
 * job was routed. The breaker is included if the file asks for it, or if it once decided.
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

/** The JSON field of a feature's answer; left out if no job was routed. */
export function routesTold(uses: RuleUse[]): { routes?: RuleUse[] } {
  return uses.length === 0 ? {} : { routes: uses };
}
