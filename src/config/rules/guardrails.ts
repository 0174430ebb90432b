import { oneOf, quoted } from '../../lib/text.ts';
import { error, type FeatureView, warning } from '../base/finding.ts';
import { nearest } from '../base/nearest.ts';
import type { Finding, Path } from '../base/problems.ts';
import type { GuardrailEntry, MetricEntry, RolloutFile } from '../base/schema-types.ts';
import { tellsSubjects } from '../base/tells-subjects.ts';

type Metrics = Readonly<Record<string, MetricEntry>>;

// Number of shown metrics, enough to recognize a misspelled one.
const METRICS_SHOWN = 10;

/**
 * Checks guardrails and their metrics: each metric exists, is used, and is limited once per feature. `metrics` are the
 * names of all written metrics, valid or not.
 */
export function* guardrailRules(
  file: RolloutFile,
  features: readonly FeatureView[],
  metrics: readonly string[],
): Generator<Finding> {
  const written: [Path, readonly GuardrailEntry[]][] = [
    [['defaults', 'guardrails'], file.defaults?.guardrails ?? []],
    ...features.map((view): [Path, readonly GuardrailEntry[]] => {
      return [[...view.path, 'guardrails'], view.written.guardrails ?? []];
    }),
  ];
  for (const [path, guardrails] of written) {
    yield* unknownMetrics(path, guardrails, metrics);
    yield* repeatedMetrics(path, guardrails);
  }
  for (const [metric, definition] of Object.entries(file.metrics ?? {})) {
    yield* queries(metric, definition);
    yield* times(metric, definition);
  }
  yield* sources(['defaults', 'guardrails'], file.defaults?.guardrails ?? [], file.metrics ?? {});
  for (const view of features) {
    const { guardrails = [], advanced } = view.written;
    yield* sources([...view.path, 'guardrails'], guardrails, file.metrics ?? {}, advanced?.correlation);
    yield* correlations(view, file);
    yield* sizes(view);
  }
  const used = new Set(written.flatMap(([, guardrails]) => guardrails.map(({ metric }) => metric)));
  for (const metric of metrics.filter((name) => !used.has(name))) {
    yield warning(['metrics', metric], `metrics.${metric} is not in any guardrail, so nothing measures it`);
  }
}

function* unknownMetrics(
  path: Path,
  guardrails: readonly GuardrailEntry[],
  metrics: readonly string[],
): Generator<Finding> {
  for (const [i, { metric }] of guardrails.entries()) {
    if (metrics.includes(metric)) continue;
    yield error(
      [...path, i, 'metric'],
      `guardrails[${i}].metric is ${quoted(metric)}; ${adviceOn(metric, metrics)}`,
    );
  }
}

function adviceOn(metric: string, metrics: readonly string[]): string {
  if (metrics.length === 0)
    return `define it at the top of the file: metrics: { ${metric}: { source: events } }`;
  const meant = nearest(metric, metrics);
  if (meant !== null) return `metrics has no such name; did you mean ${meant}?`;
  return `it must be a name in metrics: ${oneOf(metrics.slice(0, METRICS_SHOWN))}`;
}

/** Checks that slow jobs have a time limit, and no other source has one. */
function* times(metric: string, { source, slower_than }: MetricEntry): Generator<Finding> {
  const path = ['metrics', metric];
  if (source === 'time' && slower_than === undefined) {
    const needed = 'source time needs the time that a job may take, such as 30s, or control_p95';
    yield error([...path, 'source'], `metrics.${metric}.slower_than is missing; ${needed}`);
  }
  if (source !== 'time' && slower_than !== undefined) {
    const found = `metrics.${metric}.slower_than has no effect with source ${source}`;
    yield error([...path, 'slower_than'], `${found}; use source: time`);
  }
}

/** Checks that an engine has two queries with arm and step, and that events have none. */
function* queries(metric: string, definition: MetricEntry): Generator<Finding> {
  const path = ['metrics', metric];
  for (const key of ['bad', 'all'] as const) {
    const query = definition[key];
    const name = `metrics.${metric}.${key}`;
    if (definition.source !== 'prometheus') {
      if (query !== undefined)
        yield error(
          [...path, key],
          `${name} is a query, but source is ${definition.source}; use source: prometheus`,
        );
    } else if (query === undefined) {
      yield error(
        [...path, 'source'],
        `${name} is missing; source prometheus needs two queries, bad and all`,
      );
    } else {
      for (const word of ['$arm', '$step'])
        if (!query.includes(word)) yield error([...path, key], `${name} has no ${word}; ${WORDS[word]}`);
    }
  }
  if (definition.source !== 'prometheus' && definition.subject_label !== undefined)
    yield error(
      [...path, 'subject_label'],
      `metrics.${metric}.subject_label has no effect with source ${definition.source}; remove it`,
    );
}

const WORDS: Readonly<Record<string, string>> = {
  $arm: 'without it both arms are equal; select the series of one arm, such as {arm="$arm"}',
  $step: 'each query counts the events of one step, such as increase(http_requests_total{arm="$arm"}[$step])',
};

function* sources(
  path: Path,
  guardrails: readonly GuardrailEntry[],
  metrics: Metrics,
  correlation?: number,
): Generator<Finding> {
  for (const [i, { metric, on_harm, per }] of guardrails.entries()) {
    const definition = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
    if (!definition || definition.source === 'events') continue;
    if (on_harm === 'rollback' && !tellsSubjects(definition) && correlation === undefined) {
      yield error(
        [...path, i, 'on_harm'],
        `guardrails[${i}].on_harm is rollback, but metrics.${metric} does not tell subjects apart, so a burst of one looks like harm to all; use freeze, name the label of the subject in metrics.${metric}.subject_label, or write advanced.correlation in the feature as rollout back-test measures it`,
      );
    }
    if (per === 'subject')
      yield error([...path, i, 'per'], `guardrails[${i}].per is subject; that needs source: events`);
  }
}

/** Checks that only events whose subjects are not told apart have a correlation. */
function* correlations({ written, path }: FeatureView, file: RolloutFile): Generator<Finding> {
  if (written.advanced?.correlation === undefined) return;
  const metrics = file.metrics ?? {};
  const guardrails = written.guardrails ?? file.defaults?.guardrails ?? [];
  const blind = guardrails.some(({ metric }) => {
    const definition = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
    return definition !== undefined && !tellsSubjects(definition);
  });
  if (blind) return;
  yield warning(
    [...path, 'advanced', 'correlation'],
    'advanced.correlation has no effect: no guardrail of this feature has a metric of source prometheus without subject_label',
  );
}

/**
 * Checks that time limits by size are used for subjects that have one: any other feature's guardrail would wait for
 * ever.
 */
function* sizes({ spec, written, path }: FeatureView): Generator<Finding> {
  if (spec.subject !== 'customer') return;
  for (const [metric, { slower_than }] of Object.entries(spec.guardrails ?? {})) {
    if (typeof slower_than !== 'object') continue;
    const place = written.guardrails?.findIndex((one) => one.metric === metric);
    yield error(
      place === undefined ? path : [...path, 'guardrails', place, 'metric'],
      `metrics.${metric}.slower_than is by size, and customers have no size; use a metric with one time`,
    );
  }
}

function* repeatedMetrics(path: Path, guardrails: readonly GuardrailEntry[]): Generator<Finding> {
  for (const [i, { metric }] of guardrails.entries()) {
    const first = guardrails.findIndex((other) => other.metric === metric);
    if (first === i) continue;
    const found = `guardrails[${i}].metric is ${quoted(metric)}, like guardrails[${first}]`;
    yield error([...path, i, 'metric'], `${found}; keep one of them`);
  }
}
