import type { BrokenProcessor } from '../../domain/evidence/breaker.ts';
import type { DayTimes, TimesOfDay } from '../../domain/evidence/daily-times.ts';
import type { RuleUse } from '../../domain/evidence/routes.ts';
import type { Quarantined } from '../../domain/quarantine/quarantine.ts';
import type { Failures } from '../../domain/report/failures.ts';
import type { Narrowing } from '../../domain/spec/audience/audience.ts';
import { heartbeatIsStale } from '../../domain/spec/heartbeat.ts';
import { harmless } from '../../lib/text.ts';
import { failedByHour, type HoursLike } from '../style/sparkline.ts';
import type { Style } from '../style/style.ts';
import { table } from '../style/table.ts';
import { audienceText } from '../words/audience-words.ts';
import { breakerText, quarantineText, ruleLastText, ruleText } from '../words/outcome-words.ts';
import { ago, count, moment, share } from '../words/words.ts';
import { failureDetails } from './health/failures-text.ts';
import {
  type FeatureHealthLike,
  HEALTH_HEAD,
  healthCells,
  healthDetails,
  healthNotes,
  timeText,
} from './health/feature-health.ts';

/** One feature as the status shows it. */
export interface StandingLike {
  feature: string;
  strategy: string;
  percentage: number;
  active: boolean;
  emergency_stop: boolean;
  narrowing?: Narrowing;
  incident: string | null;
  incident_reason: string | null;
  revision: string | null;
  eligible: number;
  total: number;
  step_started_at: Date;
  /** Finished treatment jobs of the last hours, oldest first. */
  last_day?: HoursLike;
  health?: FeatureHealthLike;
}

export interface StatusLike {
  features: readonly StandingLike[];
  /** Subjects that are out of a feature whatever its file says. */
  quarantined?: readonly Quarantined[];
  breakers?: readonly BrokenProcessor[];
  /** Keys of archived features. */
  archived: readonly string[];
  heartbeat: Date | null;
  environment: string | null;
  global_stop: { reason: string; by: string; at: Date } | null;
  /** Time of the database's clock. */
  now: Date;
}

export function statusText(style: Style, status: StatusLike): string {
  const lines: string[] = [];
  const stop = status.global_stop;
  if (stop) {
    lines.push(
      style.bad(
        `EVERYTHING IS STOPPED since ${moment(stop.at)} by ${harmless(stop.by)}: ${harmless(stop.reason, 200)}`,
      ),
    );
  }
  if (status.features.length === 0) return [...lines, emptyText(status.archived)].join('\n');
  const judged = status.features.some((f) => f.health !== undefined);
  const hourly = status.features.some((f) => f.last_day !== undefined);
  const head = [
    ...['feature', 'state', 'in'],
    ...(judged ? HEALTH_HEAD : []),
    ...(hourly ? ['last 24 h'] : []),
    'since',
  ];
  const rows = status.features.map((f) => [
    f.feature,
    stateWord(f),
    `${count(f.eligible)} of ${count(f.total)}`,
    ...(f.health ? healthCells(f.health) : []),
    ...(f.last_day ? [failedByHour(f.last_day)] : []),
    `${ago(f.step_started_at, status.now)} ago`,
  ]);
  lines.push(table(style, head, rows));
  for (const f of status.features) {
    const audience = audienceText(f.narrowing ?? {});
    if (audience !== null) lines.push(style.dim(`${harmless(f.feature, 255)}: ${audience}`));
    if (f.incident)
      lines.push(
        style.warn(
          `${harmless(f.feature, 255)} is held by incident ${f.incident}: ${harmless(f.incident_reason ?? '', 200)}`,
        ),
      );
    if (f.health) lines.push(...healthNotes(style, f.feature, f.health));
  }
  for (const one of status.quarantined ?? []) lines.push(style.warn(quarantineText(one)));
  for (const one of status.breakers ?? [])
    lines.push(style.warn(`${harmless(one.feature, 255)}: ${breakerText(one)}`));
  lines.push(heartbeatLine(style, status));
  return lines.join('\n');
}

export function stateWord(f: StandingLike): string {
  const off = f.health?.rolled_back ? 'rolled back' : 'off';
  const state = f.emergency_stop ? 'stopped' : f.active ? onWord(f) : off;
  return f.incident ? `${state}, held` : state;
}

/** A whitelist has no percentage, so its number of subjects is shown. */
function onWord({ strategy, eligible, percentage }: StandingLike): string {
  return strategy === 'whitelist' ? `on for ${count(eligible)}` : `on ${percentage}%`;
}

/** The text if no feature is listed: an archived one is shown by its name. */
export function emptyText(archived: readonly string[]): string {
  const [first] = archived;
  if (first === undefined) return 'no features yet; next: rollout plan';
  const see = (feature: string) => `see: rollout stats ${feature}, rollout history ${feature}`;
  if (archived.length === 1) {
    const feature = harmless(first, 255);
    return `no feature is left: ${feature} is archived; ${see(feature)}`;
  }
  const shown = archived.slice(0, 5).map((feature) => harmless(feature, 255));
  const more = archived.length > shown.length ? ` and ${archived.length - shown.length} more` : '';
  return `no feature is left: ${archived.length} are archived (${shown.join(', ')}${more}); ${see('FEATURE')}`;
}

export function heartbeatLine(
  style: Style,
  { heartbeat, now }: Pick<StatusLike, 'heartbeat' | 'now'>,
): string {
  if (heartbeat === null) return style.dim('no tick has run yet');
  const line = `last tick ${ago(heartbeat, now)} ago`;
  return heartbeatIsStale(heartbeat, now)
    ? style.bad(`${line}, three are missing: nothing is judged or rolled back meanwhile`)
    : style.dim(line);
}

export interface StatsLike extends StandingLike, Failures {
  epoch: number;
  categories: readonly { category: string | null; eligible: number; total: number }[];
  daily_times?: readonly DayTimes[];
  routes?: readonly RuleUse[];
}

/** Formats durations of jobs, day by day. */
function dailyTimesTable(style: Style, days: readonly DayTimes[]): string {
  const cells = (times: TimesOfDay | null) =>
    [times?.p50_ms, times?.p95_ms, times?.p99_ms].map((ms) => (ms == null ? '-' : timeText(ms)));
  const head = ['day', 'treatment p50', 'p95', 'p99', 'control p50', 'p95', 'p99'];
  const rows = days.map(({ day, treatment, control }) => [day, ...cells(treatment), ...cells(control)]);
  return table(style, head, rows);
}

/** How often each routing rule decided. */
function routesTable(style: Style, routes: readonly RuleUse[]): string {
  const rows = routes.map((one) => [
    ...[ruleText(one.rule), harmless(one.processor, 100)],
    ...[count(one.today), count(one.week), count(one.epoch), ruleLastText(one)],
  ]);
  return table(style, ['routing rule', 'goes to', 'today', '7 days', 'this epoch', 'last'], rows);
}

export function statsText(
  style: Style,
  { features, archived, now }: { features: readonly StatsLike[] } & Pick<StatusLike, 'archived' | 'now'>,
): string {
  if (features.length === 0) return emptyText(archived);
  return features
    .map((f) => {
      const head = `${style.bold(harmless(f.feature, 255))}  ${stateWord(f)}, ${count(f.eligible)} of ${count(f.total)} (${share(f.eligible, f.total)}), epoch ${f.epoch}, step since ${ago(f.step_started_at, now)}`;
      const rows = f.categories.map((c) => [
        c.category ?? 'without category',
        count(c.eligible),
        count(c.total),
        share(c.eligible, c.total),
      ]);
      const audience = audienceText(f.narrowing ?? {});
      const parts = [
        ...(audience === null ? [] : [style.dim(audience)]),
        table(style, ['category', 'in', 'of', 'share'], rows),
      ];
      if (f.health) parts.push(...healthDetails(style, f.feature, f.health, now));
      parts.push(...failureDetails(style, f, now));
      if (f.routes) parts.push(routesTable(style, f.routes));
      if (f.daily_times) parts.push(dailyTimesTable(style, f.daily_times));
      return [head, ...parts].join('\n');
    })
    .join('\n\n');
}
