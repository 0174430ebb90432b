import { parseDuration } from '../domain/duration.ts';
import type { Finding, Path } from './problems.ts';
import { nameOf } from './problems.ts';
import { error } from './rule.ts';
import { isPlainMap, type Plain } from './tree.ts';

const PERCENT_FIELDS = new Set([
  'percentage',
  'max_error_rate',
  'warning_error_rate',
  'critical_error_rate',
  'advance_error_rate',
]);
const DURATION_FIELDS = new Set(['soak', 'window', 'job_timeout']);
const DAY_FIELDS = new Set(['from', 'to']);

// Where nested maps and lists of values are; the lists of subjects hold no values of these kinds.
const INNER = new Set(['freeze', 'defaults', 'thresholds', 'job_timeout', 'steps']);

/** What single values must be beyond the schema: two decimals, ten years at most, days that exist. */
export function checkValues(data: Plain): Finding[] {
  const findings: Finding[] = [];
  if (!isPlainMap(data)) return findings;
  checkMap(data, [], findings);
  if (Array.isArray(data.freeze)) findings.push(...data.freeze.flatMap(freezeOrder));
  if (isPlainMap(data.features)) {
    for (const [key, feature] of Object.entries(data.features)) {
      if (isPlainMap(feature)) checkMap(feature, ['features', key], findings);
    }
  }
  return findings;
}

function checkMap(map: Record<string, Plain>, path: Path, findings: Finding[]): void {
  for (const [key, value] of Object.entries(map)) {
    const here = [...path, key];
    const field = path.at(-1) === 'job_timeout' ? 'job_timeout' : key;
    const message = complaint(field, value);
    if (message !== null) findings.push(error(here, `${nameOf(here)} is ${value}; ${message}`));
    if (INNER.has(key)) checkInner(value, here, findings);
  }
}

function checkInner(value: Plain, path: Path, findings: Finding[]): void {
  if (isPlainMap(value)) checkMap(value, path, findings);
  if (!Array.isArray(value)) return;
  for (const [i, item] of value.entries()) {
    if (isPlainMap(item)) checkMap(item, [...path, i], findings);
  }
}

function freezeOrder(entry: Plain, i: number): Finding[] {
  if (!isPlainMap(entry)) return [];
  const { from, to } = entry;
  // Days of this form sort as text.
  if (typeof from !== 'string' || typeof to !== 'string' || !isDay(from) || !isDay(to) || from <= to)
    return [];
  return [error(['freeze', i, 'to'], `freeze[${i}].to is ${to}, before from, ${from}`)];
}

function complaint(field: string, value: Plain): string | null {
  if (typeof value === 'number' && PERCENT_FIELDS.has(field) && !hasTwoDecimals(value)) {
    return 'it may have at most two decimals';
  }
  if (typeof value === 'string' && DURATION_FIELDS.has(field) && parseDuration(value) === null) {
    return 'it must be at most 3650d';
  }
  if (typeof value === 'string' && DAY_FIELDS.has(field) && !isDay(value)) return 'there is no such day';
  return null;
}

/** Exact for every number of at most two decimals: dividing a whole number gives the nearest double again. */
function hasTwoDecimals(value: number): boolean {
  return Math.round(value * 100) / 100 === value;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
