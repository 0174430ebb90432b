import { describe, expect, it } from 'vitest';
import { healthScore, type ScoreFacts } from '../../../src/domain/health/health-score.ts';
import { heartbeatIsStale } from '../../../src/domain/spec/heartbeat.ts';

const facts = (rest: Partial<ScoreFacts> = {}): ScoreFacts => ({
  ...{ verdict: 'healthy', jobs: 100, errors: 0, criticalErrorRate: 10, slowdown: 1, maxSlowdown: 1.5 },
  ...{ participation: 1 },
  ...rest,
});
const score = (rest: Partial<ScoreFacts> = {}) => healthScore(facts(rest))?.score;

describe('the health score', () => {
  it('the health score is 100 when nothing is wrong, and null when no job has finished', () => {
    expect(score()).toBe(100);
    expect(score({ slowdown: null, participation: null, verdict: null })).toBe(100);
    expect(healthScore(facts({ jobs: 0 }))).toBeNull();
  });

  it.each([
    ['5% of jobs fail where 10% is critical', { errors: 5 }, 70],
    ['the critical rate and more', { errors: 10 }, 40],
    ['every job fails', { errors: 100 }, 40],
    ['half of the slowdown that is allowed', { slowdown: 1.25 }, 90],
    ['slower than is allowed', { slowdown: 9 }, 80],
    ['faster than its baseline', { slowdown: 0.5 }, 100],
    ['every twentieth subject had a job', { participation: 0.05 }, 90],
    ['nobody had a job in the registry', { participation: 0 }, 80],
    ['everything at once', { errors: 100, slowdown: 9, participation: 0 }, 0],
  ])('the health score loses points for: %s', (_what, rest, expected) => {
    expect(score(rest)).toBe(expected);
  });

  it('the health score has its deductions, each with its cause', () => {
    expect(healthScore(facts({ errors: 5, slowdown: 1.25, participation: 0.05 }))).toEqual({
      ...{ score: 50, errors: 30, slowness: 10, participation: 10, limit: 100 },
    });
  });

  it.each([
    ['warning', 74],
    ['suspect', 49],
    ['error', 49],
    ['harmful', 24],
  ] as const)('the health score is never above the maximum of the verdict %s', (verdict, most) => {
    expect(score({ verdict })).toBe(most);
    expect(score({ verdict, errors: 100, slowdown: 9, participation: 0 })).toBe(0);
  });

  it('the health score accepts thresholds at their extremes', () => {
    expect(score({ errors: 1, criticalErrorRate: 0 })).toBe(40);
    expect(score({ slowdown: 1.001, maxSlowdown: 1 })).toBe(98);
  });
});

describe('a heartbeat', () => {
  const now = new Date('2026-11-22T10:00:00Z');
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

  it('a heartbeat is stale after three missed runs, and never stale before the first run', () => {
    expect([ago(44), ago(45), ago(46), null].map((at) => heartbeatIsStale(at, now))).toEqual([
      ...[false, false, true, false],
    ]);
  });
});
