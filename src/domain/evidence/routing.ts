import type { Routing } from '../spec/spec.ts';

/** Routing where a file or an unreconciled row states none, as in the original. */
export const DEFAULT_ROUTING: Readonly<Routing> = {
  fallback: 'inngest',
  realtime: 'inngest',
  bulk: 'github_actions',
  recent_days: 1,
  small_batch: 10,
  large_batch: 50,
};

/** Reads the routing of a row. Anything missing or invalid gets its default, because rows are also edited by hand. */
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

/** Input of the routing rules. An absent or invalid value matches no rule that needs it. */
export interface RoutingFacts {
  /** Days in the past that the job covers. */
  timeRange?: number | undefined;
  /** Pull requests that the job names. */
  prNumbers?: readonly unknown[] | undefined;
  /** How the job was triggered. */
  triggerSource?: 'manual' | 'scheduled' | 'automatic' | undefined;
  /** Maximum number of items that the job processes. */
  maxItems?: number | undefined;
}

/** `realtime` and `bulk` are for eligible subjects; `fallback` is for all others. */
export type JobClass = 'realtime' | 'bulk' | 'fallback';

/** Rules in the order in which they are checked; the last two are not in the file. */
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
 * Routes a job to a processor by the original's rules; the first match wins.
 *
 * As in the original, a manual job without a number of items counts as a small one; for the other rules a missing
 * number matches nothing.
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

/** Returns a number if it is valid and at least 0. Job payloads may contain anything. */
function amount(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 ? value : null;
}
