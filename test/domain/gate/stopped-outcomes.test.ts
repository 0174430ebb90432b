import { describe, expect, test } from 'vitest';
import { type Hearing, withStoppedOutcomes } from '../../../src/domain/gate/stopped-outcomes.ts';
import { type Judgement, unjudged, type Verdict } from '../../../src/domain/health/judgement.ts';

const judged = (verdict: Verdict): Judgement => ({
  ...unjudged(''),
  ...{ verdict, reasonCode: 'healthy', reason: 'as it was', severity: 'none', jobs: 400, errors: 2 },
});
const HOUR = 3_600;
const quiet: Hearing = {
  quietSeconds: HOUR,
  longestMeanSeconds: 20,
  openJobs: 0,
  controlJobs: 0,
  share: 0.1,
};
const late = { ...quiet, openJobs: 3 };
const alone = { ...quiet, controlJobs: 900 };
const of = (hearing: Hearing, verdict: Verdict = 'healthy') =>
  withStoppedOutcomes(judged(verdict), hearing, 100);

describe('outcomes that stop coming', () => {
  test.each<[string, Hearing, string]>([
    [
      'while jobs that were routed since stay open',
      late,
      'no treatment job has finished for 60 minutes, although 3 that were routed since are still open: look whether the processes that run them record how they end',
    ],
    [
      'while control goes on',
      alone,
      'no treatment job has finished for 60 minutes, while control finished 900 jobs and about 100 of treatment were expected: look whether its outcomes are recorded',
    ],
  ])(
    'outcomes that stop coming %s are no data, and the earlier evidence stays visible',
    (_what, hearing, reason) => {
      for (const verdict of ['healthy', 'insufficient'] as const) {
        expect(of(hearing, verdict)).toEqual({
          ...judged(verdict),
          ...{ verdict: 'no_data', reasonCode: 'outcomes_stopped', reason },
        });
      }
    },
  );

  test.each<Verdict>(['warning', 'suspect', 'harmful', 'error', 'no_data'])(
    'outcomes that stop coming never improve the verdict %s',
    (verdict) => {
      expect(of(late, verdict)).toEqual(judged(verdict));
    },
  );

  test.each<[string, Hearing]>([
    ['a quarter of an hour has not gone by', { ...late, quietSeconds: 900 }],
    ['its jobs take that long', { ...late, longestMeanSeconds: 901 }],
    ['so few are open that a killed process explains it', { ...late, openJobs: 2 }],
    ['nobody runs jobs at all', quiet],
    ['too few of treatment would be expected', { ...alone, controlJobs: 899 }],
    ['no subject is in', { ...alone, share: 0 }],
    ['control was only there before everybody was in', { ...alone, share: 1 }],
  ])('outcomes do not count as stopped where %s', (_what, hearing) => {
    expect(of(hearing)).toEqual(judged('healthy'));
  });
});
