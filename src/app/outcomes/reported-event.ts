import type { Observation } from '../../store/guardrails/observation.ts';
import { armOf, BadValue, checkNames, type Fields, flagOf, idOf, momentOf, nameOf } from './line-fields.ts';

const FIELDS = ['feature', 'subject', 'metric', 'bad', 'arm', 'at', 'id'];
const REQUIRED = ['subject', 'metric', 'bad'];

/** Reads an event of `rollout record`; throws BadValue for invalid values. */
export function eventOf(fields: Fields, now: Date): Observation {
  checkNames(fields, FIELDS, REQUIRED);
  const arm = armOf(fields);
  if (arm === 'fallback') throw new BadValue('arm is "fallback"; an event is of treatment or control');
  return {
    feature: (fields.get('feature') ?? null) === null ? null : nameOf(fields, 'feature'),
    metric: nameOf(fields, 'metric'),
    subject: nameOf(fields, 'subject'),
    arm,
    epoch: null,
    category: null,
    at: momentOf(fields, 'at', now),
    events: 1,
    bad: flagOf(fields, 'bad') ? 1 : 0,
    id: idOf(fields),
  };
}
