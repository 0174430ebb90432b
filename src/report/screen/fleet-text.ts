import { FEATURE_STATES, type FeatureState, STATE_TONES } from '../../domain/report/feature-state.ts';
import { heartbeatIsStale } from '../../domain/spec/heartbeat.ts';
import { compareText, harmless } from '../../lib/text.ts';
import { failedByHour, type HoursLike } from '../style/sparkline.ts';
import type { Style } from '../style/style.ts';
import { type FeatureHealthLike, healthNotes } from '../text/health/feature-health.ts';
import type { StandingLike, StatusLike } from '../text/status-text.ts';
import { stateWord } from '../words/report-words.ts';
import { ago, count, counted, moment } from '../words/words.ts';
import { cutLine, padded, widthOf } from './cut-line.ts';

/** One feature in the dashboard's table. */
export interface FleetLine extends StandingLike {
  last_day: HoursLike;
  health: FeatureHealthLike & { state: FeatureState };
}

export type Fleet = Omit<StatusLike, 'features'> & { features: readonly FleetLine[] };

export const FLEET_ORDERS = ['gravest', 'name', 'exposure', 'failed', 'newest'] as const;
export type FleetOrder = (typeof FLEET_ORDERS)[number];

/** The state of the dashboard's view. */
export interface FleetView {
  columns: number;
  rows: number;
  /** Key of the chosen feature. */
  selected: string | null;
  /** Search text for keys; null while nobody searches. */
  search: string | null;
  order: FleetOrder;
  /** Why the data are outdated; null if they are not. */
  trouble: string | null;
}

/** Returns the features that match the search, in the chosen order. */
export function fleetLines({ features }: Fleet, { search, order }: FleetView): FleetLine[] {
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = features.filter(({ feature, health }) => {
    const text = `${feature} ${stateWord(health.state)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return found.sort((a, b) => ORDERS[order](a, b) || compareText(a.feature, b.feature));
}

const ORDERS: Record<FleetOrder, (a: FleetLine, b: FleetLine) => number> = {
  gravest: (a, b) => FEATURE_STATES.indexOf(a.health.state) - FEATURE_STATES.indexOf(b.health.state),
  name: () => 0,
  exposure: (a, b) => shareOf(b) - shareOf(a),
  failed: (a, b) => (b.health.treatment.error_rate ?? -1) - (a.health.treatment.error_rate ?? -1),
  newest: (a, b) => b.step_started_at.getTime() - a.step_started_at.getTime(),
};

/** Lines about the chosen feature, below the table. */
const NOTES = 4;
/** Other lines: the head, the column heads, a blank line above the notes, and the keys. */
const AROUND = 4;

/** Builds a whole screen: every feature in a line, notes about the chosen one, and the keys. */
export function fleetScreen(style: Style, fleet: Fleet, view: FleetView): string[] {
  const lines = fleetLines(fleet, view);
  const room = Math.max(1, view.rows - AROUND - NOTES);
  const at = Math.max(
    0,
    lines.findIndex(({ feature }) => feature === view.selected),
  );
  const first = Math.max(0, Math.min(at - Math.floor(room / 2), lines.length - room));
  const shown = lines.slice(first, first + room);
  const longest = Math.max(0, ...lines.map(({ feature }) => widthOf(harmless(feature, 255))));
  const columns = columnsOf(view.columns, longest);
  const table = shown.map((line) => lineText(style, columns, line, fleet.now, line === lines[at]));
  const chosen = lines[at];
  const none = view.search === null ? 'no features yet; next: rollout plan' : 'no feature is like that';
  const body = lines.length === 0 ? [style.dim(none)] : table;
  const notes = chosen === undefined ? [] : notesText(style, chosen);
  return [
    headText(style, fleet, view, lines.length),
    style.dim(columns.map(({ name, width, side }) => padded(name, width, side)).join('  ')),
    ...body,
    ...Array.from({ length: room - body.length }, () => ''),
    '',
    ...Array.from({ length: NOTES }, (_, i) => notes[i] ?? ''),
    keysText(style, view),
  ].map((line) => cutLine(line, view.columns));
}

function headText(style: Style, fleet: Fleet, { trouble, columns }: FleetView, shown: number): string {
  const { features, environment, global_stop: stop, heartbeat, now } = fleet;
  if (trouble !== null) return style.bad(`OUT OF DATE since ${moment(now)}: ${harmless(trouble, columns)}`);
  if (stop) return style.bad(`EVERYTHING IS STOPPED since ${moment(stop.at)} by ${harmless(stop.by)}`);
  const bad = features.filter(({ health }) => ['bad', 'warn'].includes(STATE_TONES[health.state])).length;
  const tick = heartbeat === null ? 'no tick has run yet' : `last tick ${ago(heartbeat, now)} ago`;
  const stale = heartbeat !== null && heartbeatIsStale(heartbeat, now);
  const many = shown === features.length ? '' : `${shown} of `;
  return [
    style.bold(environment === null ? 'rollout' : `rollout ${harmless(environment)}`),
    `${many}${counted(features.length, 'feature')}`,
    bad === 0 ? style.good('none needs a person') : style.warn(`${counted(bad, 'needs', 'need')} a person`),
    style.dim(`${now.toISOString().slice(11, 19)} UTC`),
    stale ? style.bad(tick) : style.dim(tick),
  ].join('  ');
}

interface Column {
  name: string;
  width: number;
  side: 'left' | 'right';
  text: (line: FleetLine, now: Date) => string;
}

/** Returns the columns that fit: a narrow screen shows the deciding ones, a wide one also counts and durations. */
function columnsOf(columns: number, longestKey: number): Column[] {
  const wide = columns >= 110;
  const hours = columns >= 100 ? 24 : 12;
  const column = (name: string, width: number, side: Column['side'], text: Column['text']): Column => ({
    ...{ name, width, side, text },
  });
  const rest = [
    column('live', 9, 'right', liveText),
    ...(wide ? [column('in', 19, 'right', (f) => `${count(f.eligible)} of ${count(f.total)}`)] : []),
    ...(wide ? [column('jobs', 9, 'right', (f) => count(f.health.treatment.jobs))] : []),
    column('failed', 7, 'right', ({ health }) => rateText(health.treatment.error_rate)),
    ...(wide ? [column('control', 7, 'right', ({ health }) => rateText(health.control.error_rate))] : []),
    column(`last ${hours} h`, hours, 'left', (f) => failedByHour(f.last_day, hours)),
    column('since', 8, 'left', (f, now) => ago(f.step_started_at, now)),
  ];
  const state = column('  state', 13, 'left', ({ health }) => stateWord(health.state));
  const taken = [state, ...rest].reduce((sum, { width }) => sum + width + 2, 0);
  const key = column('feature', Math.max(12, Math.min(longestKey, columns - taken)), 'left', (f) =>
    harmless(f.feature, 255),
  );
  return [state, key, ...rest];
}

const MARKS = { bad: '✕', warn: '▲', wait: '○', good: '✓', off: '·' } as const;

function lineText(
  style: Style,
  columns: readonly Column[],
  line: FleetLine,
  now: Date,
  chosen: boolean,
): string {
  const tone = STATE_TONES[line.health.state];
  const colour = { bad: style.bad, warn: style.warn, wait: style.dim, good: style.good, off: style.dim }[
    tone
  ];
  const cells = columns.map(({ width, side, text }, i) =>
    i === 0
      ? `${chosen ? '>' : ' '}${colour(padded(`${MARKS[tone]} ${text(line, now)}`, width - 1))}`
      : padded(text(line, now), width, side),
  );
  const row = cells.join('  ').trimEnd();
  return chosen ? style.bold(row) : row;
}

function notesText(style: Style, line: FleetLine): string[] {
  const notes = healthNotes(style, line.feature, line.health);
  return notes.length > 0 ? notes : [style.dim(`${harmless(line.feature, 255)}: nothing to look at`)];
}

function keysText(style: Style, { search, order }: FleetView): string {
  if (search !== null) return `/${harmless(search, 60)}_  ${style.dim('Enter opens, Esc ends the search')}`;
  return style.dim(`arrows choose  Enter opens  / search  s order: ${order}  q quit`);
}

function liveText({ strategy, percentage, active, emergency_stop }: FleetLine): string {
  if (!active || emergency_stop) return '0%';
  return strategy === 'whitelist' ? 'whitelist' : `${percentage}%`;
}

function shareOf({ eligible, total }: FleetLine): number {
  return total === 0 ? 0 : eligible / total;
}

function rateText(rate: number | null): string {
  return rate === null ? '-' : `${rate}%`;
}
