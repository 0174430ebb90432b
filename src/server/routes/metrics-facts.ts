import type { FeatureStats } from '../../app/views/status.ts';
import type { BrokenProcessor } from '../../domain/evidence/breaker.ts';
import { byKey } from '../../domain/evidence/rates.ts';
import { secondsBetween } from '../../lib/time.ts';
import type { Store } from '../../store/store.ts';
import type { Views } from './views.ts';

/** One value of a Prometheus metric. */
export interface Fact {
  name: string;
  help: string;
  labels: Record<string, string>;
  value: number;
}
export type Facts = Fact[];

/** Limit of reported features: a file may have any number, and each has a dozen series. */
const MOST_FEATURES = 500;
/** Limit of processors per feature; the others are summed as `other`. */
const MOST_PROCESSORS = 10;

const VERDICTS = ['healthy', 'warning', 'suspect', 'harmful', 'insufficient', 'no_data', 'error'];

/** Reads all metrics of the database at once. */
export async function readFacts(store: Store, views: Pick<Views, 'stats'>): Promise<Facts> {
  const { features, heartbeat, heartbeat_stale } = await views.stats();
  const { state, open, breakers } = await store.reading(async (read) => ({
    breakers: await read.health.breakers(),
    state: await read.state(),
    open: await read.incidents.list({ state: 'open', limit: MOST_FEATURES }),
  }));
  const one = (name: string, help: string, value: number): Fact => ({ name, help, labels: {}, value });
  const shown = features.slice(0, MOST_FEATURES);
  const facts = [
    one('rollout_features', 'Features that are not archived.', features.length),
    one('rollout_features_omitted', 'Features without series of their own.', features.length - shown.length),
    one('rollout_global_stop', 'Whether everything is stopped.', Number(state.global_stop !== null)),
    one('rollout_incidents_open', 'Incidents that hold a feature.', open.length),
    one('rollout_controller_stale', 'Whether three ticks are missing.', Number(heartbeat_stale)),
    ...shown.flatMap(factsOf),
    ...breakers.slice(0, MOST_FEATURES).flatMap(brokenFacts),
  ];
  if (heartbeat === null) return facts;
  const age = Math.max(0, secondsBetween(heartbeat, state.now));
  return [...facts, one('rollout_heartbeat_age_seconds', 'Seconds since the last tick.', age)];
}

function brokenFacts({ feature, processor, open, half_open }: BrokenProcessor): Facts {
  const help = 'Processes in which the breaker of a processor is not closed; absent where all are.';
  return Object.entries({ open, half_open }).map(([state, value]) => {
    return { name: 'rollout_feature_breakers', help, labels: { feature, processor, state }, value };
  });
}

function factsOf(line: FeatureStats): Facts {
  const { feature, health } = line;
  const about = (name: string, help: string, value: number, more: Record<string, string> = {}): Fact => {
    return { name: `rollout_feature_${name}`, help, labels: { feature, ...more }, value };
  };
  const facts = [
    about('percentage', 'Percentage that the strategy goes by.', line.percentage),
    about(
      'active',
      'Whether it is on: active, and not stopped.',
      Number(line.active && !line.emergency_stop),
    ),
    about('stopped', 'Whether it is stopped.', Number(line.emergency_stop)),
    about('held', 'Whether an incident holds it.', Number(line.held)),
    about('eligible_subjects', 'Subjects that are in.', line.eligible),
    about('subjects', 'Subjects of its kind in the registry.', line.total),
    about('epoch', 'Number of its present epoch.', line.epoch),
    about('open_jobs', 'Routed jobs that have not finished.', health.open_jobs),
    ...VERDICTS.map((verdict) =>
      about(
        'verdict',
        'The latest verdict of the present epoch is 1.',
        Number(health.verdict?.verdict === verdict),
        {
          verdict,
        },
      ),
    ),
    ...jobsOf(line).flatMap(({ arm, processor, jobs, errors }) => [
      about('window_jobs', 'Finished jobs in the window of the spec.', jobs, { arm, processor }),
      about('window_errors', 'Failed jobs in the window of the spec.', errors, { arm, processor }),
    ]),
  ];
  facts.push(...quantilesOf(line, about));
  if (health.score === null) return facts;
  return [
    ...facts,
    about('health_score', 'Health from 0 to 100; absent where it is not known.', health.score),
  ];
}

/** Returns durations by processor and arm. Quantiles cannot be summed, so processors above the limit have none. */
function quantilesOf(
  { health }: FeatureStats,
  about: (name: string, help: string, value: number, more: Record<string, string>) => Fact,
): Facts {
  return health.times.slice(0, 3 * MOST_PROCESSORS).flatMap(({ processor, arm, p50_ms, p95_ms, p99_ms }) =>
    Object.entries({ '0.5': p50_ms, '0.95': p95_ms, '0.99': p99_ms }).flatMap(([quantile, ms]) => {
      const help = 'Time of jobs in the window of the spec, by quantile; within 5% of itself.';
      return ms === null ? [] : [about('window_job_seconds', help, ms / 1_000, { arm, processor, quantile })];
    }),
  );
}

/** Returns jobs by arm and processor, summed over categories. */
function jobsOf({ health }: FeatureStats) {
  const processors = [...new Set(health.rates.map(({ processor }) => processor))].slice(0, MOST_PROCESSORS);
  const named = health.rates.map(({ processor, ...rest }) => {
    return { ...rest, processor: processors.includes(processor) ? processor : 'other' };
  });
  const groups = [...byKey(named, ({ processor, arm }) => `${arm}\n${processor}`).values()];
  const sum = (rows: typeof named, count: 'jobs' | 'errors') =>
    rows.reduce((total, row) => total + row[count], 0);
  return groups.flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const { arm, processor } = first;
    return [{ arm, processor, jobs: sum(same, 'jobs'), errors: sum(same, 'errors') }];
  });
}
