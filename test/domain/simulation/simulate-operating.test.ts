import { describe, expect, test } from 'vitest';
import { faultRates, justUnder, operatingCharacteristics } from '../../../src/domain/simulation/operating.ts';
import { lowerQuantile } from '../../../src/domain/simulation/quantile.ts';
import { soakToSeeDoubling } from '../../../src/domain/simulation/soak.ts';
import type { NormalTraffic } from '../../../src/domain/simulation/traffic.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { runs } from '../../helpers/run/runs.ts';

/** So many lives of a week each. */
const LIVES = runs(20, 60);

function characteristics(traffic: NormalTraffic, params = {}, lives = LIVES, seed = 1) {
  return operatingCharacteristics({ params, traffic, runs: lives, random: seededRandom(seed) });
}

describe('operating characteristics', () => {
  test('operating characteristics are the same for the same seed, and others for another', () => {
    const traffic = { jobsPerHour: 5, errorRate: 2 };
    const first = characteristics(traffic, {}, 5);
    expect(characteristics(traffic, {}, 5)).toEqual(first);
    expect(characteristics(traffic, {}, 5, 2)).not.toEqual(first);
  });

  test('higher fault rates are found more often and not later, and both rules see the same runs', () => {
    const { sequential, threshold } = characteristics({ jobsPerHour: 4, errorRate: 1 });
    expect(sequential.faults.map(({ rate }) => rate)).toEqual([10, 20, 50]);
    for (const { faults } of [sequential, threshold]) {
      for (const [index, fault] of faults.entries()) {
        const next = faults[index + 1];
        if (!next) continue;
        expect(next.found).toBeGreaterThanOrEqual(fault.found);
        expect(next.medianHours ?? Infinity).toBeLessThanOrEqual(fault.medianHours ?? Infinity);
        expect(next.p90Hours ?? Infinity).toBeLessThanOrEqual(fault.p90Hours ?? Infinity);
      }
    }
    expect(sequential.falseAlarms.map(({ rate }) => rate)).toEqual([1, 4.5]);
    expect(threshold.falseAlarms[1]?.rolledBackLong).toBeGreaterThan(0.9);
    expect(sequential.falseAlarms[1]?.rolledBackLong).toBeLessThan(0.1);
    expect(threshold.faults[0]?.runs).toBeLessThan(LIVES); // some are rolled back while they are good
  });

  test('longer periods and lower verdicts never have fewer alarms', () => {
    for (const { falseAlarms } of Object.values(characteristics({ jobsPerHour: 10, errorRate: 4 }))) {
      for (const alarm of falseAlarms) {
        expect(alarm.rolledBackLong).toBeGreaterThanOrEqual(alarm.rolledBackShort);
        expect(alarm.raisedLong).toBeGreaterThanOrEqual(alarm.rolledBackLong);
        expect(alarm.raisedShort).toBeGreaterThanOrEqual(alarm.rolledBackShort);
      }
    }
  });

  test('the smallest rate found in half of the runs lies where the table shows it', () => {
    const { sequential } = characteristics({ jobsPerHour: 20, errorRate: 1 });
    expect(sequential.faults[0]?.found).toBeGreaterThan(0.5);
    expect(sequential.halfFound).toBeGreaterThan(5);
    expect(sequential.halfFound).toBeLessThan(10);
  });

  test('without jobs no fault is ever found', () => {
    for (const seen of Object.values(characteristics({ jobsPerHour: 0, errorRate: 1 }, {}, 5))) {
      expect(seen.halfFound).toBeNull();
      expect(seen.falseAlarms.every(({ raisedLong }) => raisedLong === 0)).toBe(true);
      for (const fault of seen.faults) {
        expect(fault).toMatchObject({
          found: 0,
          raised: 0,
          medianHours: null,
          p90Hours: null,
          medianFailed: 0,
        });
      }
    }
  });

  test('a normal rate of 100% is rolled back at once, so no fault can be tested', () => {
    const { sequential } = characteristics({ jobsPerHour: 40, errorRate: 100 }, {}, 5);
    expect(sequential.falseAlarms.find(({ rate }) => rate === 100)?.rolledBackShort).toBe(1);
    expect(sequential.faults).toEqual([]);
    expect(sequential.halfFound).toBeNull();
  });

  test('a normal rate over the limit leaves few runs to test a fault', () => {
    const { sequential } = characteristics({ jobsPerHour: 40, errorRate: 15 }, {}, 5);
    expect(sequential.faults.map(({ rate, runs }) => [rate, runs])).toEqual([
      [20, 0],
      [50, 0],
    ]);
  });

  test.each([
    [0.01, 0.001, [0.02, 10, 20, 50]],
    [100, 1, []],
    [60, 1, [100]],
    [0, 0, [10, 20, 50]],
  ])(
    'operating characteristics at a limit of %d test the fitting fault rates',
    (maxErrorRate, errorRate, rates) => {
      const { sequential } = characteristics({ jobsPerHour: 20, errorRate }, { maxErrorRate }, 5);
      expect(sequential.faults.map(({ rate }) => rate)).toEqual(rates);
      if (maxErrorRate === 100) expect(sequential.halfFound).toBeNull();
      else expect(sequential.halfFound).toBeGreaterThan(maxErrorRate);
    },
  );

  test('spans that fail together raise no more false alarms of the score, but many of the plain rule', () => {
    const alarms = (jobsTogether: number) => {
      const traffic = { jobsPerHour: 30, errorRate: 4.5, jobsTogether };
      const { sequential, threshold } = characteristics(traffic, {}, runs(40, 100));
      return [sequential, threshold].map(({ falseAlarms }) => falseAlarms[0]?.rolledBackShort ?? 1);
    };
    const [score, plain] = alarms(6);
    expect(score).toBeLessThan(0.05);
    expect(plain).toBeGreaterThan(0.5);
  });

  test('an outage in one category is found among many categories and with control', () => {
    const categories = ['a', 'b', 'c'].map((category) => ({ category, share: 1 / 3, controlShare: 1 / 3 }));
    const control = { jobsPerHour: 100, errorRate: 1 };
    const seen = characteristics({ jobsPerHour: 30, errorRate: 1, control, categories }, {}, runs(8, 20));
    expect(seen.sequential.faults.at(-1)).toMatchObject({ rate: 50, found: 1 });
  });

  test('operating characteristics refuse impossible thresholds', () => {
    expect(() => characteristics({ jobsPerHour: 1, errorRate: 1 }, { maxErrorRate: -1 })).toThrow(RangeError);
    expect(() => characteristics({ jobsPerHour: 1, errorRate: 1 }, { evidence: 0 })).toThrow('evidence is 0');
  });

  test('tested rates are round and above the limit, and quantiles are values that occurred', () => {
    expect(justUnder(5)).toBe(4.5);
    expect(justUnder(0.01)).toBe(0.009);
    expect(faultRates(5, 1)).toEqual([10, 20, 50]);
    expect(faultRates(8, 1)).toEqual([10, 16, 20, 50]);
    expect(lowerQuantile([3, 1, 2, 4, 5, 6, 7, 8, 9, 10], 0.9)).toBe(9);
    expect(lowerQuantile([2, 1], 0.5)).toBe(1);
    expect(lowerQuantile([], 0.5)).toBe(Infinity);
  });
});

describe('the soak that shows a doubling', () => {
  const soak = (jobsPerHour: number, normalRate: number, params = {}, options = {}) =>
    soakToSeeDoubling(params, jobsPerHour, normalRate, seededRandom(1), { runs: 60, ...options });

  test('the soak that shows a doubling is the same for a seed, and shorter with more jobs', () => {
    const slow = soak(20, 2);
    expect(soak(20, 2)).toEqual(slow);
    expect(slow).toMatchObject({ rate: 4, problem: null });
    expect(soak(200, 2).hours).toBeLessThan((slow.hours ?? 0) / 3);
    expect(slow.falseShare).toBeLessThan(0.3);
  });

  test('the plain rule shows a doubling sooner, but often also one that does not exist', () => {
    const plain = soak(20, 2, {}, { analysis: 'threshold' });
    expect(plain.hours).toBeLessThan(soak(20, 2).hours ?? 0);
    expect(plain.falseShare).toBeGreaterThan(0.3);
  });

  test('clustered failures make the soak that shows a doubling longer, when counting jobs too', () => {
    const one = soak(60, 2);
    const three = soak(60, 2, {}, { jobsTogether: 3 });
    expect(three.hours).toBeGreaterThan(one.hours ?? Infinity);
    expect(three.counting?.jobs).toBeCloseTo((one.counting?.jobs ?? 0) * 3, -1);
  });

  test.each([
    [0, 2, 'no_jobs'],
    [20, 0, 'nothing_to_double'],
    [20, 1, 'doubled_under_warning_rate'],
    [20, 1.25, 'doubled_under_warning_rate'],
    [20, 2.5, 'normal_over_warning_rate'],
    [20, 100, 'normal_over_warning_rate'],
    [0.05, 2, 'too_few_jobs'],
  ])('no soak shows a doubling with %d jobs/h at %d percent: %s', (jobsPerHour, normalRate, problem) => {
    expect(soak(jobsPerHour, normalRate)).toMatchObject({ hours: null, falseShare: null, problem });
  });

  test('the soak by counting alone is that of a test of two rates', () => {
    expect(soak(20, 1).counting).toEqual({ jobs: 793, hours: 793 / 20 });
    expect(soak(20, 100).counting).toBeNull();
  });
});
