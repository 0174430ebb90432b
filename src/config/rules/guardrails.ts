import { oneOf, quoted } from '../../lib/text.ts';
import { error, type FeatureView, warning } from '../base/finding.ts';
import { nearest } from '../base/nearest.ts';
import type { Finding, Path } from '../base/problems.ts';
import type { GuardrailEntry, RolloutFile } from '../base/schema-types.ts';

// Enough to recognise a misspelled one by.
const METRICS_SHOWN = 10;

/** Guardrails and the metrics that they are about: each metric is there, used, and limited once in a feature. */
export function* guardrailRules(file: RolloutFile, features: readonly FeatureView[]): Generator<Finding> {
  const metrics = Object.keys(file.metrics ?? {});
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

function* repeatedMetrics(path: Path, guardrails: readonly GuardrailEntry[]): Generator<Finding> {
  for (const [i, { metric }] of guardrails.entries()) {
    const first = guardrails.findIndex((other) => other.metric === metric);
    if (first === i) continue;
    const found = `guardrails[${i}].metric is ${quoted(metric)}, like guardrails[${first}]`;
    yield error([...path, i, 'metric'], `${found}; keep one of them`);
  }
}
