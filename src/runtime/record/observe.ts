import { refusedCharacter } from '../../domain/spec/subject-id.ts';
import type { Observation } from '../../store/guardrails/observation.ts';
import { type Decider, isId } from '../decide/decider.ts';
import type { ObserveOptions, Stamp } from '../host/job.ts';
import { readStamp } from './stamp.ts';

const LONGEST_METRIC = 100;
const LONGEST_ID = 200;

/** An event observed by the application. */
export interface Observed {
  about: Stamp | string | null;
  metric: string;
  bad: boolean;
  options: ObserveOptions;
}

interface Ground {
  decider: Decider;
  recorder: { observe(event: Observation): void };
  /** Milliseconds since 1970, by the database's clock. */
  at: number;
  /** False before the first snapshot: then the database resolves what is unknown here. */
  known: boolean;
}

/** Records an event; returns why it cannot count, or null. */
export function observe({ about, metric, bad, options }: Observed, ground: Ground): string | null {
  const { decider, recorder, at, known } = ground;
  if (typeof metric !== 'string' || metric === '' || metric.length > LONGEST_METRIC)
    return 'observe was given a metric that is not the name of one';
  if (typeof bad !== 'boolean')
    return `observe was given a \`bad\` for ${metric} that is neither true nor false`;
  const id = options.id ?? null;
  if (
    id !== null &&
    (typeof id !== 'string' || id === '' || id.length > LONGEST_ID || refusedCharacter(id) !== null)
  )
    return `observe was given an id for ${metric} that is not a text of 1 to ${LONGEST_ID} characters`;
  if (about === null) return `observe was given a job of an unknown feature or subject, for ${metric}`;
  const event = { metric, at, events: 1, bad: bad ? 1 : 0, id };
  if (typeof about !== 'string') {
    const stamp = readStamp(about);
    if (!stamp) return 'observe was given a stamp that is none: hand on what route returned, unchanged';
    const { feature, subject, arm, epoch, category } = stamp;
    if (known && !decider.rowOf(feature)?.metrics.includes(metric)) return unknown(metric, `${feature} has`);
    recorder.observe({ ...event, feature, subject, arm, epoch, category });
    return null;
  }
  if (!isId(about)) return `observe was given no subject's id for ${metric}`;
  if (!known) {
    recorder.observe({ ...event, feature: null, subject: about, arm: null, epoch: null, category: null });
    return null;
  }
  const features = decider.observing(metric);
  if (features.length === 0) return unknown(metric, 'no feature has');
  for (const feature of features) {
    const arm = decider.isEligible(feature, about) ? 'treatment' : 'control';
    const epoch = decider.rowOf(feature)?.epoch ?? null;
    const category = decider.categoryOf(feature, about);
    recorder.observe({ ...event, feature, subject: about, arm, epoch, category });
  }
  return null;
}

function unknown(metric: string, who: string): string {
  return `observe was given ${JSON.stringify(metric)}, but ${who} no guardrail on a metric of that name with source: events`;
}
