import { beforeAll, describe, expect, it } from 'vitest';
import { ODDS_MULTIPLIERS, type PerMultiplier, zeros } from '../../../src/domain/score/factor.ts';
import type { StoredSlice } from '../../../src/domain/score/stored-slice.ts';
import {
  LEAST_SUBJECTS,
  restsOnFew,
  scoresWithout,
  type WorstSubjects,
  worstCount,
} from '../../../src/domain/verdict/few-subjects.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { patience } from '../../helpers/run/pace.ts';
import { type Increment, score, slicesOf } from '../outcomes/score.ts';

const STREAMS = 200;
/** Each on a connection of its own, in the order of its own flushes. */
const PROCESSES = 3;
const FLUSHES = 4;
/** Seconds since 1970 at which the epochs began, and at which the first flush is heard. */
const [STARTED_AT, HEARD_AT] = [0, 7_200];
const LIMIT = 5;

const db = await testDatabase();
const streams = Array.from({ length: STREAMS }, (_, seed) => streamOf(seed + 1));

/** Jobs of some subjects over half an hour, of which one, two or nobody fails nearly everything, and others now and then. */
function streamOf(seed: number) {
  const random = seededRandom(seed);
  const pick = (most: number) => Math.floor(random() * most);
  const subjects = 3 + pick(random() < 0.2 ? 80 : 12);
  const bad = pick(3);
  const others = [0, 0.02, 0.1, 0.5][pick(4)] ?? 0;
  const flushes = Array.from({ length: PROCESSES }, () =>
    Array.from({ length: FLUSHES }, (_, place) => ({
      heardAt: HEARD_AT + Math.round((place * 60 + random() * 50) * 1e3) / 1e3,
      lines: Array.from({ length: 4 + pick(30) }, (): Increment => {
        const subject = random() < 0.3 ? pick(Math.max(1, bad)) : pick(subjects);
        const began = 1 + pick(4);
        const rate = subject < bad ? 0.95 : others;
        return {
          ...{ subject: `s${subject}`, began },
          beganAt: Math.round((HEARD_AT - 1_800 * random()) * 1e3) / 1e3,
          failed: Array.from({ length: began }, random).filter((one) => one < rate).length,
        };
      }),
    })),
  );
  return { feature: `stream-${seed}`, flushes };
}

interface Span {
  subject: string;
  slice: number;
  jobs: number;
  failed: number;
}

const gainOf = ({ jobs, failed }: Span) =>
  ODDS_MULTIPLIERS.map((k) => Math.log1p(((k - 1) * failed) / jobs)) as PerMultiplier;

/** The worst subjects of a run, by their spans: the definition of `readWorstSubjects` in src/store/score/worst-subjects.ts. */
function worstOf(spans: readonly Span[], run: number, slices: readonly StoredSlice[]): WorstSubjects {
  const ranked = [...new Set(spans.filter(({ slice }) => slice >= run).map(({ subject }) => subject))]
    .map((subject) => {
      const own = spans.filter((span) => span.subject === subject && span.slice >= run);
      return {
        subject,
        gain: own.reduce((sum, span) => sum + (gainOf(span)[3] ?? 0), 0),
        jobs: own.reduce((sum, { jobs }) => sum + jobs, 0),
        failed: own.reduce((sum, { failed }) => sum + failed, 0),
        spansFailed: own.filter(({ failed }) => failed > 0).length,
      };
    })
    .sort((a, b) => b.gain - a.gain || b.failed - a.failed || (a.subject < b.subject ? -1 : 1));
  const worst = ranked.slice(0, worstCount(ranked.length)).filter(({ spansFailed }) => spansFailed >= 3);
  const names = new Set(worst.map(({ subject }) => subject));
  const windows = slices.map(({ startedAt }, place) => {
    const own = spans.filter(({ subject, slice }) => slice === place + 1 && names.has(subject));
    const gain = own.reduce(
      (sum, span) => sum.map((value, i) => value + (gainOf(span)[i] ?? 0)),
      [...zeros()],
    );
    return { startedAt, spans: own.length, gain: gain as PerMultiplier };
  });
  return { subjects: ranked.length, worst, windows };
}

beforeAll(async () => {
  // Nothing is acted upon: what is looked at is the evidence of a moment.
  await db.rows(
    `insert into rollout_configuration (feature_name, max_error_rate, epoch_started_at, is_active, spec)
     select f, $2, to_timestamp($3), false, '{"rollback": {"few_subjects": "quarantine"}}' from unnest($1::text[]) f`,
    [streams.map(({ feature }) => feature), LIMIT, STARTED_AT],
  );
  for (const { feature, flushes } of streams) {
    await Promise.all(
      flushes.map(async (own) => {
        for (const { heardAt, lines } of own) await score(db.pool, feature, heardAt, lines);
      }),
    );
  }
  await db.rows(`select rollout_fold(feature_name) from rollout_configuration`);
  // What crossed meanwhile stays so: asked is what the whole of each stream says.
  await db.rows(`update rollout_levels set crossed_at = null, excuse = null, looked_at = null`);
  await db.rows(`select rollout_fold(feature_name) from rollout_configuration`);
}, patience(300_000));

describe(`${STREAMS} streams, each recorded by ${PROCESSES} connections at once`, () => {
  it('a score without its worst subjects is in SQL what it is in TypeScript, and so is whom it blames', async () => {
    const seen = { few: 0, crossed: 0, low: 0 };
    for (const { feature } of streams) {
      const [level] = await db.rows<{
        run: number;
        firm: number;
        everybody: number;
        worst: string[];
        score: number | null;
        excuse: string | null;
        crossed: boolean;
        blamed: string[] | null;
      }>(
        `select f.run_slice as run, f.firm, w.everybody, w.worst, w.score, l.excuse, l.crossed_at is not null as crossed,
           b.subjects as blamed
         from rollout_levels l
         cross join lateral rollout_firm(l, 10) f
         cross join lateral rollout_counts_since(l.feature_name, l.epoch, l.scope, f.run_slice) r
         cross join lateral rollout_without_worst(l, f.run_slice, r.since, to_timestamp($2)) w
         cross join lateral rollout_few_to_blame(l.feature_name, to_timestamp($2)) b
         where l.feature_name = $1 and l.scope = 'all' and l.kind = 'limit'`,
        [feature, HEARD_AT],
      );
      if (!level || level.run === null) continue;
      const slices = await slicesOf(db.pool, feature);
      const spans = await db.rows<Span>(
        `select subject_id as subject, slice, jobs, failed from rollout_spans where feature_name = $1`,
        [feature],
      );
      const found = worstOf(spans, level.run, slices);
      const names = found.worst.map(({ subject }) => subject);
      const left = names.length > 0 ? (scoresWithout(slices, LIMIT, found)?.at(-1) ?? null) : null;
      expect({ feature, everybody: level.everybody, worst: level.worst }).toEqual({
        ...{ feature, everybody: found.subjects, worst: names },
      });
      if (left === null) expect(level.score).toBeNull();
      else expect(level.score).toBeCloseTo(left, 9);
      const isOver = level.firm >= Math.log(5_000);
      const isFew = isOver && found.subjects >= LEAST_SUBJECTS && left !== null && restsOnFew(left);
      expect({ feature, few: level.excuse === 'few_subjects', crossed: level.crossed }).toEqual({
        ...{ feature, few: isFew, crossed: isOver && !isFew },
      });
      expect({ feature, blamed: level.blamed }).toEqual({ feature, blamed: isFew ? names : null });
      seen[isFew ? 'few' : isOver ? 'crossed' : 'low'] += 1;
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(STREAMS / 20);
  });
});
