import { isZone } from '../../domain/spec/hours.ts';
import { parseDuration } from '../../lib/duration.ts';
import { harmless } from '../../lib/text.ts';
import { error } from '../base/finding.ts';
import { type Finding, nameOf, type Path } from '../base/problems.ts';
import { isPlainMap, type Plain } from '../base/tree.ts';
import type { Locator } from '../schema/locate.ts';

const PERCENT_FIELDS = new Set([
  'percentage',
  'max_error_rate',
  'warning_error_rate',
  'critical_error_rate',
  'advance_error_rate',
  'limit',
  'points',
  'job_share',
]);
const DURATION_FIELDS = new Set(['soak', 'window', 'job_timeout', 'slower_than']);
const DAY_FIELDS = new Set(['not_before', 'cutoff', 'freeze.from', 'freeze.to']);

/** Checks values beyond the schema: numbers in plain notation with two decimals, at most ten years, days that exist. */
export function checkValues(data: Plain, path: Path, locator: Locator): Finding[] {
  const findings: Finding[] = [];
  if (isPlainMap(data)) checkMap(data, path, { findings, locator });
  if (path.length === 0 && isPlainMap(data) && Array.isArray(data.freeze)) {
    findings.push(...data.freeze.flatMap(freezeOrder));
  }
  return findings;
}

interface Check {
  findings: Finding[];
  locator: Locator;
}

function checkMap(map: Record<string, Plain>, path: Path, check: Check): void {
  for (const [key, value] of Object.entries(map)) {
    const here = [...path, key];
    const field = fieldAt(path, key);
    const message = complaint(field, value, () => check.locator.source(here));
    if (message !== null) check.findings.push(error(here, `${nameOf(here)} is ${message}`));
    checkInner(value, here, check);
  }
}

/** Returns the name of a key for these rules, with its map if that decides the key's meaning. */
function fieldAt(path: Path, key: string): string {
  const map = path.at(-1);
  if (map === 'job_timeout' || map === 'slower_than') return map;
  if (path[0] === 'freeze') return `freeze.${key}`;
  return path.at(-1) === 'hours' ? `hours.${key}` : key;
}

/** Only values in maps can be numbers, durations or days: lists of subjects contain texts. */
function checkInner(value: Plain, path: Path, check: Check): void {
  if (isPlainMap(value)) checkMap(value, path, check);
  if (!Array.isArray(value)) return;
  for (const [i, item] of value.entries()) {
    if (isPlainMap(item)) checkMap(item, [...path, i], check);
  }
}

function freezeOrder(entry: Plain, i: number): Finding[] {
  if (!isPlainMap(entry)) return [];
  const { from, to } = entry;
  // Days in this form sort as text.
  if (typeof from !== 'string' || typeof to !== 'string' || !isDay(from) || !isDay(to) || from <= to)
    return [];
  return [error(['freeze', i, 'to'], `freeze[${i}].to is ${to}, before from, ${from}`)];
}

function complaint(field: string, value: Plain, source: () => string | null): string | null {
  if (typeof value === 'number') {
    const notation = otherNotation(value, source() ?? '');
    if (notation !== null) return notation;
    if (PERCENT_FIELDS.has(field) && !hasTwoDecimals(value))
      return `${value}; it may have at most two decimals`;
  }
  if (typeof value !== 'string') return null;
  if (DURATION_FIELDS.has(field) && value !== 'control_p95' && parseDuration(value) === null)
    return `${value}; it must be at most 3650d`;
  if (field === 'hours.zone' && !isZone(value))
    return `${harmless(value)}; there is no such time zone; write one such as Europe/Berlin`;
  return DAY_FIELDS.has(field) && !isDay(value) ? `${value}; there is no such day` : null;
}

/**
 * Returns the problem of `010`, `0x0A`, `1e1`, `+5`, `.5`, and of numbers that lose digits: readers interpret them
 * differently.
 */
function otherNotation(value: number, source: string): string | null {
  // A quoted number has a tag, which is reported as such.
  if (/^["']/.test(source)) return null;
  const plain = String(value === 0 ? 0 : value);
  if (withoutLastZeros(source) === plain) return null;
  return `${harmless(source)}, which is read as ${plain}; write ${plain}`;
}

/** Trailing zeros after the point are ignored: `5.50` is 5.5. */
function withoutLastZeros(source: string): string {
  if (!/\.\d+$/.test(source)) return source;
  let end = source.length;
  while (source[end - 1] === '0') end--;
  return source.slice(0, source[end - 1] === '.' ? end - 1 : end);
}

/** Exact for every number of at most two decimals: dividing a whole number gives the nearest double again. */
function hasTwoDecimals(value: number): boolean {
  return Math.round(value * 100) / 100 === value;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
