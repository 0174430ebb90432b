import { type JobClass, type Route, routeJob } from '../../domain/evidence/routing.ts';
import { randomIdOf } from '../../lib/portable/uuid.ts';
import { type Decider, isId } from '../decide/decider.ts';
import type { DecisionReason, Evaluation } from '../host/evaluation.ts';
import type { Job, Routed, Stamp } from '../host/job.ts';

/** Input of routing. */
export interface RoutingGround {
  decider: Decider;
  evaluate: (feature: string, subject: string) => Evaluation;
  /** Eight hexadecimal digits, the prefix of this process's job ids. */
  process: string;
  /** Returns milliseconds since 1970, by the clock of all stamps. */
  time: () => number;
  /** May a job go to this processor, according to its breaker? */
  admits: (feature: string, processor: string) => boolean;
}

/** Routes a job, and returns its stamp. Throws if reading the job throws. */
export function routed(ground: RoutingGround, feature: string, job: Job): Routed {
  const { subject, timeRange, prNumbers, triggerSource, maxItems } = job;
  const { eligible, reason } = ground.evaluate(feature, subject);
  const routing = ground.decider.routingOf(feature);
  const facts = { timeRange, prNumbers, triggerSource, maxItems };
  const route = routeJob(routing, eligible, facts);
  const broken =
    routing.breaker === true &&
    eligible &&
    route.processor !== routing.fallback &&
    !ground.admits(feature, route.processor);
  const { processor, job_class, rule } = broken ? leftFor(routing.fallback) : route;
  const arm = broken ? 'fallback' : eligible ? 'treatment' : 'control';
  const stamp = stampFor(ground, { feature, subject, processor, arm, job_class }, reason);
  return { processor, fallback: routing.fallback, job_class, arm, rule, reason, stamp };
}

/** As when the processor throws: the fallback's run counts in its own arm. */
function leftFor(fallback: string): Route {
  return { processor: fallback, job_class: 'fallback', rule: 'breaker' };
}

/** Routes a job that could not be read. */
export function routedBlindly(decider: Decider, feature: string): Routed {
  const routing = decider.routingOf(feature);
  const { processor, job_class, rule } = routeJob(routing, false, {});
  const { fallback } = routing;
  return { processor, fallback, job_class, arm: 'control', rule, reason: 'invalid_subject', stamp: null };
}

function stampFor(
  { decider, time, process }: RoutingGround,
  place: Pick<Stamp, 'feature' | 'subject' | 'processor' | 'arm'> & { job_class: JobClass },
  reason: DecisionReason,
): Stamp | null {
  const row = decider.rowOf(place.feature);
  if (!row || reason === 'invalid_subject' || !isId(place.subject)) return null;
  return {
    id: randomIdOf(process),
    feature: place.feature,
    subject: place.subject,
    processor: place.processor,
    arm: place.arm,
    job_class: place.job_class,
    epoch: row.epoch,
    category: decider.categoryOf(place.feature, place.subject),
    routed_at: time(),
  };
}
