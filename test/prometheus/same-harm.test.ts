import { afterAll, describe, expect, it } from 'vitest';
import { readGuardrailPast, testGuardrails } from '../../src/app/guardrails/back-test.ts';
import { readMetrics } from '../../src/app/guardrails/read-metrics.ts';
import { checkFeature } from '../../src/app/health/check-health.ts';
import { liveFeatures } from '../../src/app/health/live-features.ts';
import { backTestFeature, readPast } from '../../src/app/views/back-test.ts';
import { metricEngineOf } from '../../src/compose/environment/prometheus.ts';
import { parseConfig } from '../../src/config/read/parse.ts';
import { record, type Traffic } from '../helpers/data/traffic.ts';
import {
  type Counter,
  DEBIAN_PROMETHEUS,
  type Prometheus,
  prometheusWith,
} from '../helpers/debian/debian-prometheus.ts';
import { ramp, type TickWorld, tickFile, tickWorld } from '../helpers/projects/tick-world.ts';

const STEP = 300;
const REPOSITORIES = 40;
const STEPS = 36;
/** Steps before now at which the harm begins. */
const HARM = 8;

const rate = (code: string, by = '') =>
  `sum${by} (increase(http_requests_total{app="shop",arm="$arm"${code}}[$step]))`;
const PLAIN = { source: 'prometheus', bad: rate(',code="500"'), all: rate('') };
const LABELLED = {
  ...{ source: 'prometheus', bad: rate(',code="500"', ' by (repo)'), all: rate('', ' by (repo)') },
  subject_label: 'repo',
};

/** Each repository has a request in each minute; does that of this minute of a step fail? */
type Failing = (repository: number, ago: number, minute: number) => boolean;

/** Nothing is correlated: a tenth fails from the harm on, others in each step. */
const independent: Failing = (repository, ago, minute) =>
  ago < HARM && (repository + 7 * ago) % 2 === 0 && minute === 1 + ((repository + ago) % 5);

/** End of the last step, the same for all that is made of it. */
const END = Math.floor(Date.now() / 1_000 / STEP) * STEP;

/** The same events as counters of requests, scraped once a minute. */
function counters(fails: Failing): Counter[] {
  const begin = END - STEPS * STEP;
  const of = (arm: string, repository: number, failing: Failing) =>
    ['200', '500'].map((code): Counter => {
      let total = 0;
      const samples: [number, number][] = [[begin, 0]];
      for (let ago = STEPS - 1; ago >= 0; ago--) {
        for (let minute = 1; minute <= 5; minute++) {
          if (failing(repository, ago, minute) === (code === '500')) total += 1;
          samples.push([begin + (STEPS - 1 - ago) * STEP + minute * 60, total]);
        }
      }
      return {
        name: 'http_requests_total',
        labels: { app: 'shop', arm, code, repo: `${arm}${repository}` },
        samples,
      };
    });
  const all = Array.from({ length: REPOSITORIES }, (_, i) => i);
  return all.flatMap((i) => [...of('treatment', i, fails), ...of('control', i, () => false)]);
}

/** The same events as jobs that ended in the middle of each step. */
function jobs(fails: Failing): Traffic[] {
  const minutesAgo = (ago: number) => (Date.now() / 1_000 - END + (ago + 0.5) * STEP) / 60;
  return Array.from({ length: STEPS }, (_, ago) => ago).flatMap((ago) =>
    Array.from({ length: REPOSITORIES }, (_, i): Traffic[] => [
      {
        jobs: 5,
        errors: [1, 2, 3, 4, 5].filter((minute) => fails(i, ago, minute)).length,
        subject: `treatment${i}`,
        minutesAgo: minutesAgo(ago),
      },
      { jobs: 5, subject: `control${i}`, arm: 'control', minutesAgo: minutesAgo(ago) },
    ]).flat(),
  );
}

const MEASURED = { by: 'jobs' } as const;
type Source = typeof MEASURED | { by: 'engine'; metric: object; rest: object };

/** A feature whose harm is seen by this source alone: when it was found, in minutes since 1970, and what was said. */
async function found(engine: Prometheus, fails: Failing, source: Source) {
  const guardrails =
    source.by === 'engine' ? { guardrails: [{ metric: 'shop_5xx', limit: 5 }], ...source.rest } : {};
  const features = { one: ramp(10, { ...guardrails, thresholds: { minimum_jobs: 10, max_error_rate: 5 } }) };
  const rest = source.by === 'engine' ? { metrics: { shop_5xx: source.metric } } : {};
  const world = await tickWorld(features, rest);
  await world.pass((STEPS * STEP) / 60);
  if (source.by === 'jobs') await record(world.db, 'one', ...jobs(fails));
  const { store, words } = world.controller;
  if (source.by === 'engine') {
    await readMetrics({ store, words, engine: metricEngineOf({ ROLLOUT_PROMETHEUS_URL: engine.url }) });
  }
  const spec = parseConfig(tickFile(features, rest)).config?.features.get('one');
  if (!spec) throw new Error('the file has no feature');
  const at = await store.reading(async (read) => {
    if (source.by === 'jobs') {
      const test = backTestFeature(await readPast(read, 'one'), spec);
      return test.fired.find(({ verdict }) => verdict === 'harmful')?.at ?? null;
    }
    const [test] = await testGuardrails(spec, await readGuardrailPast(read, 'one', spec), null);
    return test?.found.code === 'tested' ? (test.found.test.acted[0]?.at ?? null) : null;
  });
  return { at, ...(await judged(world)) };
}

async function judged({ controller }: TickWorld) {
  const [live] = await controller.store.reading((read) => liveFeatures(read));
  if (!live) throw new Error('nothing is live');
  const input = { actor: 'ana', environment: {}, dryRun: true };
  const { judgement, guardrails } = await checkFeature(controller, live, input);
  return { verdict: judgement.verdict, reason: judgement.reason, guardrails };
}

/** A sentence without its counts and times. */
const worded = (reason: string) =>
  reason
    .replace(/^guardrail shop_5xx: /, '')
    .replace('finished jobs failed', 'X')
    .replace('jobs failed', 'X')
    .replace('events were bad', 'X')
    .replace(/\d{4}-\d\d-\d\d |\d\d:\d\d( UTC)?/g, '')
    .replace(/[\d,.]+/g, 'N')
    .replace(/\s+/g, ' ');

describe.skipIf(!DEBIAN_PROMETHEUS)(
  `the same harm by jobs and by a real Prometheus${DEBIAN_PROMETHEUS ? '' : ' (skipped: no prometheus)'}`,
  () => {
    const engines: Prometheus[] = [];
    const engineOf = async (fails: Failing) => {
      const engine = await prometheusWith(counters(fails));
      engines.push(engine);
      return engine;
    };
    afterAll(() => Promise.all(engines.map((engine) => engine.stop())));

    it('without correlation, Prometheus finds harm within a step of the jobs’ time, with equal verdict and wording', async () => {
      const engine = await engineOf(independent);
      const byJobs = await found(engine, independent, MEASURED);
      const withLabel = await found(engine, independent, { by: 'engine', metric: LABELLED, rest: {} });
      const advanced = { advanced: { correlation: 0 } };
      const without = await found(engine, independent, { by: 'engine', metric: PLAIN, rest: advanced });
      const began = (END - HARM * STEP) / 60;
      for (const one of [byJobs, withLabel, without]) {
        expect(one.at).not.toBeNull();
        expect((one.at ?? 0) - began).toBeGreaterThan(0);
        expect(Math.abs((one.at ?? 0) - (byJobs.at ?? 0))).toBeLessThanOrEqual(STEP / 60);
        expect(worded(one.reason)).toBe(worded(byJobs.reason));
      }
      expect([byJobs.verdict, withLabel.verdict]).toEqual(['harmful', 'harmful']);
      // The harm is found as well, but without a back-test it may only freeze.
      expect(without).toMatchObject({
        verdict: 'suspect',
        guardrails: [{ verdict: 'harmful', on_harm: 'freeze' }],
      });
    });
  },
);
