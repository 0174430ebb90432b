import type { Routing } from '../spec/spec.ts';

/** Where a file, or a row that no reconcile has written, says nothing: as in the original. */
export const DEFAULT_ROUTING: Readonly<Routing> = {
  fallback: 'inngest',
  realtime: 'inngest',
  bulk: 'github_actions',
  recent_days: 1,
  small_batch: 10,
  large_batch: 50,
};

/** What a row says of routing, and the default wherever it says nothing that can be meant: rows are edited by hand too. */
export function routingFrom(said: unknown): Routing {
  if (typeof said !== 'object' || said === null) return { ...DEFAULT_ROUTING };
  const routing: Record<string, unknown> = { ...DEFAULT_ROUTING };
  for (const [key, usual] of Object.entries(DEFAULT_ROUTING)) {
    const value = (said as Record<string, unknown>)[key];
    const meant = typeof value === typeof usual && value !== '';
    if (meant) routing[key] = value;
  }
  if ((said as { breaker?: unknown }).breaker === true) routing.breaker = true;
  return routing as unknown as Routing;
}

/** What the routing rules look at. What is absent or no number matches no rule that asks for it. */
export interface RoutingFacts {
  /** Days of the past that the job covers. */
  timeRange?: number | undefined;
  /** The pull requests it names. */
  prNumbers?: readonly unknown[] | undefined;
  /** What asked for it. */
  triggerSource?: 'manual' | 'scheduled' | 'automatic' | undefined;
  /** How many items it works through, at most. */
  maxItems?: number | undefined;
}

/** `realtime` and `bulk` are the two ways for an eligible subject; `fallback` is the way of everybody else. */
export type JobClass = 'realtime' | 'bulk' | 'fallback';

/** In the order in which they are tried; the last two are no rules of the file. */
export const ROUTING_RULES = [
  'recent',
  'small_batch',
  'manual',
  'historical',
  'large_batch',
  'scheduled',
  'default',
  'breaker',
  'not_eligible',
] as const;
export type RoutingRule = (typeof ROUTING_RULES)[number];

export interface Route {
  processor: string;
  job_class: JobClass;
  /** The rule that matched. */
  rule: RoutingRule;
}

/**
 * Which processor takes a job: the original's rules, first match wins.
 *
 * A manual job that does not say how many items it has is a small one, as it was there; for the other rules a
 * number that is not given decides nothing.
 */
export function routeJob(routing: Routing, eligible: boolean, job: RoutingFacts): Route {
  if (!eligible) return { processor: routing.fallback, job_class: 'fallback', rule: 'not_eligible' };
  const rule = ruleOf(routing, job);
  const job_class = classOf(rule);
  return { processor: routing[job_class], job_class, rule };
}

/** Class of the jobs that a rule decides. */
export function classOf(rule: RoutingRule): JobClass {
  if (rule === 'breaker' || rule === 'not_eligible') return 'fallback';
  return rule === 'historical' || rule === 'large_batch' || rule === 'scheduled' ? 'bulk' : 'realtime';
}

function ruleOf(
  routing: Routing,
  { timeRange, prNumbers, triggerSource, maxItems }: RoutingFacts,
): RoutingRule {
  const days = amount(timeRange);
  const items = amount(maxItems);
  if (days !== null && days <= routing.recent_days) return 'recent';
  if (Array.isArray(prNumbers) && prNumbers.length <= routing.small_batch) return 'small_batch';
  if (triggerSource === 'manual' && (items ?? 0) <= routing.large_batch) return 'manual';
  if (days !== null && days > routing.recent_days) return 'historical';
  if (items !== null && items > routing.large_batch) return 'large_batch';
  return triggerSource === 'scheduled' ? 'scheduled' : 'default';
}

/** A number that is one, and not below 0. Jobs come from payloads, which hold anything. */
function amount(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 ? value : null;
}
