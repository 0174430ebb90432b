import type pg from 'pg';
import type { Queryable } from '../db/client.ts';
import { keepBackTest, readBackTests } from '../guardrails/back-tests.ts';
import { recordEvents, refusedEvents } from '../guardrails/observations.ts';
import {
  readObserved,
  readObservedEpochs,
  readObservedWindows,
  readWorstObserved,
} from '../guardrails/observed-windows.ts';
import { noteMetricRead, readMetricReads } from '../guardrails/reads.ts';
import { readStepSums, recordStep } from '../guardrails/steps.ts';
import { measureTimes } from '../guardrails/time-limits.ts';

/** Reads the evidence of guardrails. */
export const guardrailReader = (db: pg.PoolClient) => ({
  observed: readObserved.bind(null, db),
  observedEpochs: readObservedEpochs.bind(null, db),
  observedWindows: readObservedWindows.bind(null, db),
  worstObserved: readWorstObserved.bind(null, db),
  refusedEvents: refusedEvents.bind(null, db),
  stepSums: readStepSums.bind(null, db),
  metricReads: readMetricReads.bind(null, db),
  backTests: readBackTests.bind(null, db),
});

export const guardrailWriter = (single: Queryable) => ({
  recordEvents: recordEvents.bind(null, single),
  recordStep: recordStep.bind(null, single),
  keepBackTest: keepBackTest.bind(null, single),
  noteMetricRead: noteMetricRead.bind(null, single),
  measureTimes: measureTimes.bind(null, single),
});
