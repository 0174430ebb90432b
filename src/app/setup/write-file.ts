import { stringify } from 'yaml';
import { PLANS } from '../../config/read/plans.ts';
import type { AdoptedFlag } from '../../domain/adopt/flag.ts';
import type { ActualFeature } from '../../domain/plan/actual.ts';
import { narrowingOf } from '../../domain/spec/audience/audience.ts';
import { same } from '../../domain/spec/difference.ts';
import type { MetricQuery, Spec, Step, TimeLimit } from '../../domain/spec/spec.ts';
import { formatDuration } from '../../lib/duration.ts';
import { quoted } from '../../lib/text.ts';

/** Input of a written file: a database's features and its other settings. */
export interface DatabaseContent {
  environment: string | null;
  test_repositories: readonly string[];
  features: readonly ActualFeature[];
}

const SCHEMA_LINE = '# yaml-language-server: $schema=./schema/rollout.schema.json';
const KEY = /^[a-z][a-z0-9_-]{0,99}$/;
/** Rule for feature names in a file. */
export const KEY_RULE = 'a key begins with a lower-case letter and has lower-case letters, digits, _ and -';

/** Returns a rollout.yaml that matches the database, so that its plan is empty. */
export function fileFromDatabase(content: DatabaseContent): string {
  const live = content.features.filter(({ archived }) => !archived);
  const lines = [SCHEMA_LINE, 'version: 1'];
  if (content.environment !== null) lines.push(`environment: ${scalar(content.environment)}`);
  if (content.test_repositories.length > 0) {
    lines.push('', '# Always category test, whatever their size.', 'test_repositories:');
    lines.push(...content.test_repositories.map((entry) => `  - ${scalar(entry)}`));
  }
  const metrics = metricsOf(live);
  if (Object.keys(metrics).length > 0) lines.push('', ...block({ metrics }, ''));
  lines.push('', 'features:');
  for (const feature of live.filter(({ feature }) => KEY.test(feature))) lines.push(...featureLines(feature));
  if (live.length === 0) lines[lines.length - 1] = 'features: {}';
  for (const { feature, columns } of live.filter(({ feature }) => !KEY.test(feature))) {
    lines.push(
      `  # ${quoted(feature)} is left out: ${KEY_RULE}.`,
      `  # Under a key that fits, with salt: ${quoted(columns.salt, 255)}, the same subjects are in. Switch the old row off with SQL then:`,
      '  # update rollout_configuration set is_active = false where feature_name = ...',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Returns a rollout.yaml with flags of another system, whose users become customers here. */
export function fileFromFlags(environment: string, flags: readonly AdoptedFlag[]): string {
  const lines = [SCHEMA_LINE, 'version: 1', `environment: ${scalar(environment)}`, '', 'features:'];
  for (const { key, active, percentage, whitelist, blacklist } of flags) {
    const blocked = new Set(blacklist);
    const fields = {
      subject: 'customer',
      ...(active ? {} : { active }),
      percentage,
      ...listField(
        'whitelist',
        whitelist.filter((entry) => !blocked.has(entry)),
      ),
      ...listField('blacklist', blacklist),
    };
    lines.push(`  ${key}:`, ...block(fields, '    '));
  }
  if (flags.length === 0) lines[lines.length - 1] = 'features: {}';
  return `${lines.join('\n')}\n`;
}

/** Is this name valid as a key of the file? */
export function isKey(name: string): boolean {
  return KEY.test(name);
}

/** Returns names that SQL by hand gave to features but that are invalid in a file. */
export function namesThatAreNoKeys(features: readonly ActualFeature[]): string[] {
  return features.filter((row) => !row.archived && !KEY.test(row.feature)).map(({ feature }) => feature);
}

function featureLines(row: ActualFeature): string[] {
  const fields = row.spec ? specFields(row.spec) : columnFields(row);
  return [`  ${row.feature}:`, ...block(fields, '    ')];
}

/** Builds the entry of a row that was never reconciled, from its columns. */
function columnFields({ feature, columns, settings, movedPilot }: ActualFeature): Record<string, unknown> {
  const blocked = new Set(columns.blacklist);
  return {
    ...(settings.subject === 'repository' ? {} : { subject: settings.subject }),
    active: columns.active,
    ...(columns.emergency_stop ? { emergency_stop: true } : {}),
    ...(movedPilot?.paused ? { paused: true } : {}),
    strategy: columns.strategy,
    ...(columns.strategy === 'whitelist' ? {} : { percentage: columns.percentage }),
    ...(columns.categories ? { categories: columns.categories } : {}),
    ...narrowingOf(columns),
    // A subject in both lists is out, so the file has it only in the blacklist.
    ...listField(
      'whitelist',
      columns.whitelist.filter((entry) => !blocked.has(entry)),
    ),
    ...listField('blacklist', columns.blacklist),
    ...(columns.salt === feature ? {} : { salt: columns.salt }),
    thresholds: { max_error_rate: settings.max_error_rate, window: formatDuration(settings.window) },
    ...(settings.auto_rollback ? {} : { rollback: { enabled: false } }),
    // Adds the pilot's tiers, which the old table had in no column.
    ...(movedPilot ? { steps: 'pilot' } : {}),
  };
}

function specFields(spec: Spec): Record<string, unknown> {
  const { thresholds, steps, guardrails, ...others } = spec;
  const { categories, description, owner, whitelist, blacklist, percentage, ...rest } = others;
  return {
    ...(description === null ? {} : { description }),
    ...(owner === null ? {} : { owner }),
    ...rest,
    ...(spec.strategy === 'whitelist' ? {} : { percentage }),
    ...(categories ? { categories } : {}),
    ...listField('whitelist', whitelist),
    ...listField('blacklist', blacklist),
    thresholds: {
      ...thresholds,
      window: formatDuration(thresholds.window),
      job_timeout: Object.fromEntries(
        Object.entries(thresholds.job_timeout).map(([name, seconds]) => [name, formatDuration(seconds)]),
      ),
    },
    ...(steps.length === 0 ? {} : { steps: stepsField(steps) }),
    ...(guardrails ? { guardrails: guardrailsField(guardrails) } : {}),
  };
}

function guardrailsField(guardrails: NonNullable<Spec['guardrails']>): object[] {
  return Object.entries(guardrails).map(
    ([metric, { source: _source, query: _query, slower_than: _time, ...limit }]) => ({
      metric,
      ...limit,
    }),
  );
}

/** Returns the metrics that these features' guardrails use. */
function metricsOf(features: readonly ActualFeature[]): Record<string, object> {
  const guardrails = features.flatMap(({ spec }) => Object.entries(spec?.guardrails ?? {}));
  return Object.fromEntries(
    guardrails.map(([metric, { source, query, slower_than }]) => [
      metric,
      {
        source,
        ...(slower_than === undefined ? {} : { slower_than: timesField(slower_than) }),
        ...metricFields(query),
      },
    ]),
  );
}

function timesField(limit: TimeLimit): string | object {
  if (typeof limit === 'number') return formatDuration(limit);
  if (typeof limit === 'string') return limit;
  return Object.fromEntries(Object.entries(limit).map(([size, seconds]) => [size, formatDuration(seconds)]));
}

function metricFields(query: MetricQuery | undefined): object {
  if (!query) return {};
  const { subject_label, ...queries } = query;
  return { ...queries, ...(subject_label === null ? {} : { subject_label }) };
}

/** Writes a built-in plan by its name: only its steps may have names. */
function stepsField(steps: readonly Step[]): unknown {
  const plan = Object.entries(PLANS).find(([, known]) => same(known, steps));
  if (plan) return plan[0];
  return steps.map(({ percentage, soak, minimum_jobs, approve }) => ({
    percentage,
    ...(soak === null ? {} : { soak: formatDuration(soak) }),
    ...(minimum_jobs === undefined ? {} : { minimum_jobs }),
    ...(approve ? { approve } : {}),
  }));
}

function listField(name: string, entries: readonly string[]): Record<string, readonly string[]> {
  return entries.length === 0 ? {} : { [name]: entries };
}

function block(value: Record<string, unknown>, indent: string): string[] {
  return stringify(value, { lineWidth: 0 })
    .trimEnd()
    .split('\n')
    .map((line) => `${indent}${line}`);
}

/** Writes one line, quoted if YAML would read another type: `7e10`, `010`, `yes`. */
function scalar(text: string): string {
  return stringify(text, { lineWidth: 0, blockQuote: false }).trimEnd();
}

/** Returns a first file, to be edited manually: what a typical rollout needs, and no more. */
export const firstFileFor = (environment: string): string => `${SCHEMA_LINE}
version: 1
environment: ${environment}

features:
  my_feature:                    # its name in code, in the database and in every message
    description: What it does, in a sentence
    owner: your team             # "@login" or "@org/team" is asked for reviews
    percentage: 0                # 0 is nobody but the whitelist, 100 is everybody
    whitelist: []                # ids or owner/name; in at 0% too
    steps: playbook              # 10, 25, 50, 75, 100%; or your own list of { percentage, soak }
    # Editors list all other keys (subject, thresholds, advance, ...); so does docs/file.md.
`;
