import { describe, expect, test } from 'vitest';
import {
  DEFAULT_ROUTING,
  type RoutingFacts,
  routeJob,
  routingFrom,
} from '../../../src/domain/evidence/routing.ts';

const routing = {
  ...{ fallback: 'old', realtime: 'inngest', bulk: 'github_actions' },
  ...{ recent_days: 1, small_batch: 10, large_batch: 50 },
};
const prs = (amount: number) => Array.from({ length: amount }, (_, number) => number);

describe('a job of an eligible subject', () => {
  test.each<[string, RoutingFacts, string, string]>([
    ['of the last day is realtime', { timeRange: 1 }, 'inngest', 'recent'],
    ['of no time at all is realtime', { timeRange: 0 }, 'inngest', 'recent'],
    [
      'of the last day is realtime however much it is',
      { timeRange: 0.5, maxItems: 900, triggerSource: 'scheduled' },
      'inngest',
      'recent',
    ],
    ['of ten pull requests is realtime', { prNumbers: prs(10), timeRange: 30 }, 'inngest', 'small_batch'],
    ['of no listed pull request is realtime', { prNumbers: [] }, 'inngest', 'small_batch'],
    [
      'by hand of fifty items is realtime',
      { triggerSource: 'manual', maxItems: 50, timeRange: 30 },
      'inngest',
      'manual',
    ],
    [
      'by hand of nobody knows how many items is realtime',
      { triggerSource: 'manual', timeRange: 30 },
      'inngest',
      'manual',
    ],
    [
      'by hand of more items goes on',
      { triggerSource: 'manual', maxItems: 51 },
      'github_actions',
      'large_batch',
    ],
    ['of more than a day is bulk', { timeRange: 1.01 }, 'github_actions', 'historical'],
    [
      'of eleven pull requests and a month is bulk',
      { prNumbers: prs(11), timeRange: 30 },
      'github_actions',
      'historical',
    ],
    ['of more than fifty items is bulk', { maxItems: 51 }, 'github_actions', 'large_batch'],
    ['by the schedule is bulk', { triggerSource: 'scheduled', maxItems: 50 }, 'github_actions', 'scheduled'],
    ['of which nothing is known is realtime', {}, 'inngest', 'default'],
    [
      'with numbers that are none is one of which nothing is known',
      { timeRange: Number.NaN, maxItems: -1 },
      'inngest',
      'default',
    ],
  ])('a job of an eligible subject %s', (_, job, processor, rule) => {
    expect(routeJob(routing, true, job)).toEqual({
      ...{ processor, rule },
      job_class: processor === 'inngest' ? 'realtime' : 'bulk',
    });
  });
});

test('a job of an ineligible subject goes to the fallback, whatever the job is', () => {
  expect(routeJob(routing, false, { timeRange: 30 })).toEqual({
    ...{ processor: 'old', job_class: 'fallback', rule: 'not_eligible' },
  });
});

test('the routing of a row counts as far as it is valid, with defaults for the rest', () => {
  expect(routingFrom({ bulk: 'batch', realtime: '', small_batch: '5', large_batch: 9, extra: 1 })).toEqual({
    ...DEFAULT_ROUTING,
    ...{ bulk: 'batch', large_batch: 9 },
  });
  for (const nothing of [null, undefined, 'inngest', 7, []])
    expect(routingFrom(nothing)).toEqual(DEFAULT_ROUTING);
});
