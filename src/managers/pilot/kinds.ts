import { TIERS } from '../../domain/originals/pilot.ts';
import { HOUR_MS } from '../../lib/time.ts';
import { fieldsOf, optional } from '../calls/arguments.ts';
import {
  ANYTHING,
  EVENT,
  NAME,
  REASON,
  SUBJECT,
  SUBJECTS,
  TEXT,
  THRESHOLD,
  TIER,
  YES,
} from '../calls/kinds.ts';

const TRIGGERED_BY = optional(NAME, 'manual');

export const NEW_PILOT = fieldsOf({
  featureName: NAME,
  description: optional(TEXT),
  owner: optional(TEXT),
  whitelistedCustomers: optional(SUBJECTS, []),
  blacklistedCustomers: optional(SUBJECTS, []),
  rollbackThreshold: optional(THRESHOLD, { errorRate: 0.05, timeWindow: HOUR_MS }),
  reason: optional(REASON),
  triggeredBy: TRIGGERED_BY,
});

export const START = fieldsOf({
  tier: optional(TIER, TIERS[1]),
  reason: optional(REASON, 'started'),
  triggeredBy: TRIGGERED_BY,
});

export const ADVANCE = fieldsOf({
  force: optional(YES, false),
  reason: optional(REASON),
  triggeredBy: TRIGGERED_BY,
});

/** A wrong time or wrong details do not lose the event: they are logged, and the rest is kept. */
export const PILOT_EVENT = fieldsOf({
  featureName: NAME,
  customerId: SUBJECT,
  event: EVENT,
  timestamp: ANYTHING,
  metadata: ANYTHING,
});
