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
  soak: null,
  cost: costOf([], spec, 28),
};
const needed = { rate: 2, problem: null, falseShare: 0, counting: { jobs: 1_000, hours: 100 } };
const soak = { jobsPerHour: 4, errorRate: 1, seconds: 86_400 };

function advised(facts: Partial<AdviceFacts>): string[] {
  return adviceOf({ ...quiet, ...facts }).map(({ sentence }) => sentence);
}

describe('advice', () => {
  it('is nothing where all is well', () => {
    expect(advised({})).toEqual([]);
  });

  it('says that a feature at 100% and quiet for two weeks is ready to be cleaned up, and not a day earlier', () => {
    const everybody = { percentage: 100, unchangedDays: 30 };
    expect(advised({ ...everybody, quietDays: 13.9 })).toEqual([]);
    expect(advised({ ...everybody, quietDays: 14 })).toEqual([
      expect.stringMatching(/^At 100% and quiet for 14 days: ready to be cleaned up\./),
    ]);
    expect(advised({ ...everybody, unchangedDays: 10, quietDays: 400 })).toEqual([]);
  });

  it('says that a feature that was off for two months can go, but not while an incident holds it', () => {
    const off = { live: false, unchangedDays: 61 };
    expect(advised(off)).toEqual([expect.stringMatching(/^Off for 61 days/)]);
    expect(advised({ ...off, held: true })).toEqual([]);
  });

  it('says that nothing is recorded, once a whole window went by', () => {
    const nothing = { window: { jobs: 0, controlJobs: 0 } };
    expect(advised({ ...nothing, unchangedDays: 0.9 })).toEqual([]);
    expect(advised({ ...nothing, unchangedDays: 1.1 })[0]).toMatch(
      /^No job of it has finished in the last 24 hours/,
    );
  });

  it('says that control is missing, but not where everybody is in', () => {
    const alone = { window: { jobs: 50, controlJobs: 0 } };
    expect(advised(alone)[0]).toMatch(/^No job of control/);
    expect(advised({ ...alone, percentage: 100 })).toEqual([]);
  });

  it('says that a limit is far above what is usual, with one that would notice sooner', () => {
    const never = { month: { jobs: 20_000, errors: 40 } };
    expect(advised(never)).toEqual([
      'No threshold fired in four weeks: 0.2% of 20,000 jobs failed, and the limit is 5%. A max_error_rate of 1% would notice a breakage sooner.',
    ]);
    expect(advised({ ...never, raised: 1 })).toEqual([]);
    expect(advised({ month: { jobs: 20_000, errors: 400 } })).toEqual([]);
  });

  it('says that a step is too short to see anything', () => {
    expect(advised({ soak: { ...soak, needed: { ...needed, hours: 190 } } })).toEqual([
      'The soak of 24 hours is too short to see a doubling from 1% to 2%: at 4 jobs an hour that takes 8 days.',
    ]);
    expect(advised({ soak: { ...soak, needed: { ...needed, hours: 20 } } })).toEqual([]);
  });

  it('says that no soak shows a doubling, or that the thresholds do not look for it', () => {
    expect(
      advised({ soak: { ...soak, needed: { ...needed, hours: null, problem: 'too_few_jobs' } } })[0],
    ).toMatch(/^No soak up to 30 days shows/);
    const under = { ...needed, hours: null, problem: 'doubled_under_warning_rate' as const };
    expect(advised({ soak: { ...soak, needed: under } })[0]).toMatch(
      /stays under the warning rate of 2.5%; counting alone shows it after 1,000 jobs, 4\.2 days at 4 jobs an hour/,
    );
  });

  it('says what routing costs or saves, where it is more than noise', () => {
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

  it('says that harm would not be undone', () => {
    const asleep = { ...spec, rollback: { ...spec.rollback, enabled: false } };
    expect(advised({ spec: asleep })[0]).toMatch(/^It is not rolled back by itself/);
  });
});
