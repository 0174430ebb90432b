import { error, type FeatureView } from '../base/finding.ts';
import type { Finding } from '../base/problems.ts';

interface Limit {
  section: 'thresholds' | 'routing';
  low: string;
  high: string;
  /** The value to point at if the feature sets both. */
  blamed: string;
}

const LIMITS: readonly Limit[] = [
  limit('thresholds', 'warning_error_rate', 'max_error_rate', 'warning_error_rate'),
  limit('thresholds', 'max_error_rate', 'critical_error_rate', 'critical_error_rate'),
  limit('thresholds', 'advance_error_rate', 'max_error_rate', 'advance_error_rate'),
  limit('routing', 'small_batch', 'large_batch', 'small_batch'),
];

/** Checks the order of values: thresholds, batches, steps. For a feature, or for `defaults` itself. */
export function orderRules(view: FeatureView): Finding[] {
  return [...LIMITS.flatMap((rule) => checkLimit(view, rule)), ...checkSteps(view), ...checkDays(view)];
}

function checkLimit(view: FeatureView, rule: Limit): Finding[] {
  const low = number(view.spec[rule.section], rule.low);
  const high = number(view.spec[rule.section], rule.high);
  if (low <= high) return [];
  const written = view.written[rule.section] ?? {};
  const other = rule.blamed === rule.low ? rule.high : rule.low;
  const at = [rule.blamed, other].find((name) => Object.hasOwn(written, name));
  // The feature sets neither: `defaults` contradicts itself, which is reported there.
  if (at === undefined) return [];
  const path = [...view.path, rule.section, at];
  const name = `${rule.section}.${at}`;
  if (at === rule.low) {
    return [
      error(
        path,
        `${name} is ${low}; it must not be above ${rule.high}, ${high}${origin(view, rule, rule.high)}`,
      ),
    ];
  }
  return [
    error(
      path,
      `${name} is ${high}; it must not be below ${rule.low}, ${low}${origin(view, rule, rule.low)}`,
    ),
  ];
}

/** Names the origin of a value that the feature does not set itself. */
function origin(view: FeatureView, { section }: Limit, name: string): string {
  if (Object.hasOwn(view.written[section] ?? {}, name)) return '';
  return Object.hasOwn(view.defaults[section] ?? {}, name) ? ' (from defaults)' : ' (the default)';
}

function checkSteps(view: FeatureView): Finding[] {
  const { steps } = view.written;
  if (!Array.isArray(steps)) return [];
  return steps.flatMap(({ percentage }, i) => {
    const before = steps[i - 1]?.percentage;
    if (before === undefined || percentage > before) return [];
    const message = `steps[${i}].percentage is ${percentage}, after ${before}; each step must be above the one before`;
    return [error([...view.path, 'steps', i, 'percentage'], message)];
  });
}

function checkDays({ path, spec: { not_before, cutoff } }: FeatureView): Finding[] {
  // Days in this form sort as text.
  if (not_before === undefined || cutoff === undefined || not_before <= cutoff) return [];
  return [error([...path, 'cutoff'], `cutoff is ${cutoff}, before not_before, ${not_before}`)];
}

function number(values: object, name: string): number {
  return Number((values as Record<string, unknown>)[name]);
}

function limit(section: Limit['section'], low: string, high: string, blamed: string): Limit {
  return { section, low, high, blamed };
}
