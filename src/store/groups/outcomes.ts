import type pg from 'pg';
import type { Queryable } from '../db/client.ts';
import { readDailyTimes } from '../health/daily-times.ts';
import {
  countParticipants,
  keepParticipation,
  readErrorTexts,
  readHours,
  readRates,
} from '../health/rates.ts';
import { readProcessorSums } from '../health/report.ts';
import { readRateSeries } from '../health/timeline.ts';
import { readErrorClasses } from '../outcomes/error-classes.ts';
import { countCustomers, readCustomerEvents, recordEvent } from '../outcomes/events.ts';
import { readFailingSubjects } from '../outcomes/failing-subjects.ts';
import { countOpenJobs, timeOutJobs } from '../outcomes/jobs.ts';
import { recordJobs, refusedJobs } from '../outcomes/outcomes.ts';
import { readRoutes } from '../outcomes/routes.ts';
import { readSpanSums, type StretchOfSpans } from '../outcomes/span-sums.ts';

/** Reads reports of jobs and customers. */
export const outcomeReader = (db: pg.PoolClient) => ({
  rates: (feature?: string) => readRates(db, feature),
  hours: (hours: number, feature?: string) => readHours(db, hours, feature),
  rateSeries: (feature?: string) => readRateSeries(db, feature),
  dailyTimes: (days: number, feature?: string) => readDailyTimes(db, days, feature),
  spanSums: (stretches: readonly StretchOfSpans[]) => readSpanSums(db, stretches),
  errorClasses: readErrorClasses.bind(null, db),
  failingSubjects: readFailingSubjects.bind(null, db),
  errorTexts: (limit: number, feature?: string) => readErrorTexts(db, limit, feature),
  openJobs: (feature?: string) => countOpenJobs(db, feature),
  routes: (feature?: string) => readRoutes(db, feature),
  participants: (feature?: string) => countParticipants(db, feature),
  processorSums: (weeks: number, feature?: string) => readProcessorSums(db, weeks, feature),
  refusedJobs: refusedJobs.bind(null, db),
  customerEvents: readCustomerEvents.bind(null, db),
});

export const outcomeWriter = (single: Queryable) => ({
  recordJobs: recordJobs.bind(null, single),
  recordEvent: recordEvent.bind(null, single),
  keepParticipation: () => keepParticipation(single),
  countCustomers: countCustomers.bind(null, single),
  timeOutJobs: (feature: string, seconds: Record<string, number>) => timeOutJobs(single, feature, seconds),
});
