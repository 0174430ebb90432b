import { afterAll, describe, expect, it } from 'vitest';
import { readMetrics } from '../../src/app/guardrails/read-metrics.ts';
import { metricEngineOf } from '../../src/compose/environment/prometheus.ts';
import { closedAt } from '../../src/domain/guardrails/metric-read.ts';
import type { Counter, Prometheus } from '../helpers/debian/debian-prometheus.ts';
import { REAL_ENGINES } from '../helpers/debian/engines.ts';
import { ramp, type TickWorld, tickWorld } from '../helpers/projects/tick-world.ts';

const HOURS = 6;
const BEGIN = Math.floor(Date.now() / 60_000) * 60 - HOURS * 3_600;

interface Written {
  repositories: number;
  /** Minutes ago at which these samples begin and end; the counter goes on from what it was. */
  from?: number;
  until?: number;
  codes?: readonly string[];
  arms?: readonly string[];
}

/** What an application counted of these repositories: each has its own rate, one request in fifty is bad. */
function samples({ repositories, from = HOURS * 60, until = 0, ...of }: Written): Counter[] {
  const minutes = Array.from({ length: HOURS * 60 + 1 }, (_, minute) => minute);
  return (of.arms ?? ['treatment', 'control']).flatMap((arm) =>
    Array.from({ length: repositories }, (_, n) => n + 1).flatMap((n) =>
      (of.codes ?? ['200', '500']).map((code): Counter => {
        const rate = n * (arm === 'treatment' ? 1 : 1.5) * (code === '500' ? 1 : 49);
        const written = minutes.filter((minute) => {
          const ago = HOURS * 60 - minute;
          return ago <= from && ago >= until;
        });
        return {
          name: 'http_requests_total',
          labels: { arm, code, repo: `${arm}${n}` },
          samples: written.map((minute) => [BEGIN + minute * 60, rate * minute] as const),
        };
      }),
    ),
  );
}

const rate = (code: string) => `sum by (repo) (increase(http_requests_total{arm="$arm"${code}}[$step]))`;
const BY_SUBJECT = { source: 'prometheus', bad: rate(',code="500"'), all: rate(''), subject_label: 'repo' };
const WHOLE = {
  source: 'prometheus',
  bad: BY_SUBJECT.bad.replace(' by (repo)', ''),
  all: BY_SUBJECT.all.replace(' by (repo)', ''),
};

/** A feature whose epoch began five hours ago, with a guardrail on these events. */
async function world(metric: object, guardrail: object = {}): Promise<TickWorld> {
  const made = await tickWorld(
    { one: ramp(10, { guardrails: [{ metric: 'errors', limit: 10, ...guardrail }] }) },
    { metrics: { errors: metric } },
  );
  await made.pass(300);
  return made;
}

/** Reads as a tick does that comes half an hour after the one before, when another step has closed. */
async function read({ controller, db }: TickWorld, { url }: Prometheus): Promise<void> {
  await db.pool.query(`update rollout_metric_reads set read_until = read_until - interval '5 minutes'`);
  await db.pool.query(`update rollout_spans set touched_at = touched_at - interval '30 minutes'`);
  await db.pool.query(`update rollout_timelines set swept_at = swept_at - interval '30 minutes'`);
  await readMetrics({
    ...{ store: controller.store, words: controller.words },
    engine: metricEngineOf({ ROLLOUT_PROMETHEUS_URL: url }),
  });
}

/** Events by window, subject and arm, and what the score has of each epoch. */
async function counted({ db, controller }: TickWorld, subjects = true) {
  await controller.store.health.tripFuse();
  const rows = await db.rows<{ text: string }>(
    `select concat_ws(' ', extract(epoch from window_start), ${subjects ? 'subject_id, ' : ''}arm, sum(events), sum(bad)) as text
     from rollout_observations group by window_start, ${subjects ? 'subject_id, ' : ''}arm order by window_start, 1`,
  );
  const [score] = await db.rows(
    `select sum(jobs)::int as events, sum(failed)::int as bad, sum(control_jobs)::int as control, sum(control_failed)::int as control_bad,
       ${subjects ? 'sum(spans)::int as spans, round(sum(gain[4])::numeric, 6) as gain,' : ''} count(*) > 0 as is_kept
     from rollout_slices where scope = 'guardrail:errors'`,
  );
  return { rows: rows.map(({ text }) => text), score };
}

for (const real of REAL_ENGINES)
  describe.skipIf(!real.installed)(`a real ${real.name} with samples that come late`, () => {
    const engines: Prometheus[] = [];
    afterAll(() => Promise.all(engines.map((engine) => engine.stop())));

    it.each<[string, object, boolean, readonly Counter[], readonly Counter[]]>([
      [
        'of some series',
        BY_SUBJECT,
        true,
        [
          ...samples({ repositories: 6, arms: ['control'] }),
          ...samples({ repositories: 6, arms: ['treatment'], until: 35 }),
          ...samples({ repositories: 2, arms: ['treatment'], from: 34 }),
        ],
        samples({ repositories: 6, arms: ['treatment'], from: 34 }),
      ],
      [
        'of all series for three hours',
        WHOLE,
        true,
        samples({ repositories: 3, until: 180 }),
        samples({ repositories: 3, from: 179 }),
      ],
      [
        'of bad requests after the good ones',
        WHOLE,
        true,
        [
          ...samples({ repositories: 3, codes: ['200'] }),
          ...samples({ repositories: 3, codes: ['500'], until: 30 }),
        ],
        samples({ repositories: 3, codes: ['500'], from: 29 }),
      ],
      [
        'of the larger ones of more subjects than are told apart',
        BY_SUBJECT,
        false,
        [...samples({ repositories: 70, until: 30 }), ...samples({ repositories: 58, from: 29 })],
        samples({ repositories: 70, from: 29 }),
      ],
    ])(
      'counts those %s once, as if they had been there in time',
      async (_, metric, subjects, first, late) => {
        const lived = async () => {
          const engine = await real.with(first);
          engines.push(engine);
          const made = await world(metric);
          await read(made, engine);
          const before = await counted(made, subjects);
          await engine.add(late);
          await read(made, engine);
          const after = await counted(made, subjects);
          const inTime = await world(metric);
          await read(inTime, engine);
          await read(made, engine);
          return {
            before,
            after,
            inTime: await counted(inTime, subjects),
            again: await counted(made, subjects),
          };
        };
        // Once more where a step closed meanwhile, which only the later readings have.
        let found: Awaited<ReturnType<typeof lived>>;
        let begun: number;
        do {
          begun = closedAt(new Date());
          found = await lived();
        } while (closedAt(new Date()) !== begun);
        expect(found.after.rows).not.toEqual(found.before.rows);
        expect(found.after).toEqual(found.inTime);
        expect(found.again).toEqual(found.after);
      },
    );
  });
