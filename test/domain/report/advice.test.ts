import { describe, expect, it } from 'vitest';
import { fillSpec } from '../../../src/config/read/fill.ts';
import { costOf } from '../../../src/domain/evidence/cost.ts';
import { type AdviceFacts, adviceOf } from '../../../src/domain/report/advice.ts';

const spec = fillSpec('checkout', {}, {});
const quiet: AdviceFacts = {
  ...{ spec, percentage: 25, live: true, held: false, unchangedDays: 3, quietDays: 3 },
  window: { jobs: 500, controlJobs: 900 },
  month: { jobs: 900, errors: 9 },
  raised: 0,
  spending: null,
  soak: null,
  cost: costOf([], spec, 28),
};
const needed = { rate: 2, problem: null, falseShare: 0, counting: { jobs: 1_000, hours: 100 } };
const soak = { jobsPerHour: 4, errorRate: 1, seconds: 86_400 };

function advised(facts: Partial<AdviceFacts>): string[] {
  return adviceOf({ ...quiet, ...facts }).map(({ sentence }) => sentence);
}

describe('advice', () => {
  it('a healthy feature gets no advice', () => {
    expect(advised({})).toEqual([]);
  });

  it('a feature at 100% gets the advice to clean up after two quiet weeks, not a day earlier', () => {
    const everybody = { percentage: 100, unchangedDays: 30 };
    expect(advised({ ...everybody, quietDays: 13.9 })).toEqual([]);
    expect(advised({ ...everybody, quietDays: 14 })).toEqual([
      expect.stringMatching(/^At 100% and quiet for 14 days: ready to be cleaned up\./),
    ]);
    expect(advised({ ...everybody, unchangedDays: 10, quietDays: 400 })).toEqual([]);
  });

  it('a feature off for two months gets the advice to remove it, unless an incident holds it', () => {
    const off = { live: false, unchangedDays: 61 };
    expect(advised(off)).toEqual([expect.stringMatching(/^Off for 61 days/)]);
    expect(advised({ ...off, held: true })).toEqual([]);
  });

  it('a feature without recorded jobs for a whole window gets advice', () => {
    const nothing = { window: { jobs: 0, controlJobs: 0 } };
    expect(advised({ ...nothing, unchangedDays: 0.9 })).toEqual([]);
    expect(advised({ ...nothing, unchangedDays: 1.1 })[0]).toMatch(
      /^No job of it has finished in the last 24 hours/,
    );
  });

  it('a feature without control jobs gets advice, unless everybody is in', () => {
    const alone = { window: { jobs: 50, controlJobs: 0 } };
    expect(advised(alone)[0]).toMatch(/^No job of control/);
    expect(advised({ ...alone, percentage: 100 })).toEqual([]);
  });

  it('a limit far above the usual rate gets the advice of one that would notice a breakage sooner', () => {
    const never = { month: { jobs: 20_000, errors: 40 } };
    expect(advised(never)).toEqual([
      'No threshold fired in four weeks: 0.2% of 20,000 jobs failed, and the limit is 5%. A max_error_rate of 1% would notice a breakage sooner.',
    ]);
    expect(advised({ ...never, raised: 1 })).toEqual([]);
    expect(advised({ month: { jobs: 20_000, errors: 400 } })).toEqual([]);
  });

  it('a soak too short to see a doubling gets advice', () => {
    expect(advised({ soak: { ...soak, needed: { ...needed, hours: 190 } } })).toEqual([
      'The soak of 24 hours is too short to see a doubling from 1% to 2%: at 4 jobs an hour that takes 8 days.',
    ]);
    expect(advised({ soak: { ...soak, needed: { ...needed, hours: 20 } } })).toEqual([]);
  });

  it('advice says when no soak shows a doubling, or when the thresholds do not look for one', () => {
    expect(
      advised({ soak: { ...soak, needed: { ...needed, hours: null, problem: 'too_few_jobs' } } })[0],
    ).toMatch(/^No soak up to 30 days shows/);
    const under = { ...needed, hours: null, problem: 'doubled_under_warning_rate' as const };
    expect(advised({ soak: { ...soak, needed: under } })[0]).toMatch(
      /stays under the warning rate of 2.5%; counting alone shows it after 1,000 jobs, 4\.2 days at 4 jobs an hour/,
    );
  });

  it('advice says what routing costs or saves when it is more than noise', () => {
    const prices = {
      inngest: { per_job: 1, per_minute: 0 },
      github_actions: { per_job: 0.5, per_minute: 0 },
    };
    const cost = (processor: string, jobs: number) =>
      costOf(
        [{ processor, jobs, timed_jobs: 0, processing_ms: 0 }],
        { costs: prices, routing: { ...spec.routing, fallback: 'inngest' } },
        28,
      );
    expect(advised({ cost: cost('github_actions', 2_000) })).toEqual([
      'It saves 1,000.00: 1,000.00 in 28 days, against 2,000.00 on inngest alone.',
    ]);
    expect(advised({ cost: cost('github_actions', 20) })).toEqual([]);
  });

  it('a feature without automatic rollback gets advice', () => {
    const asleep = { ...spec, rollback: { ...spec.rollback, enabled: false } };
    expect(advised({ spec: asleep })[0]).toMatch(/^It is not rolled back by itself/);
  });
});
