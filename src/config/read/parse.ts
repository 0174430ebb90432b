import { type Part, partsOfBytes, partsOfText } from '../../domain/change/bundle.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import type { RolloutConfig } from '../../domain/spec/spec.ts';
import { readYaml, type YamlError, type YamlText } from '../base/document.ts';
import { entrySet } from '../base/entries.ts';
import type { FeatureView } from '../base/finding.ts';
import { placesIn } from '../base/places.ts';
import { byPlace, type Finding } from '../base/problems.ts';
import type { Feature, RolloutFile } from '../base/schema-types.ts';
import { readText } from '../base/text.ts';
import { isPlainMap, type Plain, toData } from '../base/tree.ts';
import { guardrailRules } from '../rules/guardrails.ts';
import { checkRules } from '../rules/rules.ts';
import { explain } from '../schema/explain-schema-error.ts';
import { Locator } from '../schema/locate.ts';
import { MOST_FEATURES, schemaErrors } from '../schema/schema.ts';
import { fillSpec } from './fill.ts';
import { fillOutcomes, fillPolicy, fillRoutes } from './fill-file.ts';
import { Findings } from './findings.ts';
import { addIncluded } from './included.ts';
import { requiresNewer } from './requires.ts';
import { checkValues } from './values.ts';

export interface ParseResult {
  /** The validated file without its broken features; null if something outside the features is wrong. */
  config: RolloutConfig | null;
  /** Errors and warnings, in the order of the text; of more than 1,000 the first, and one that counts the rest. */
  problems: Problem[];
  /** Errors by feature key; these features are not in `config`. */
  broken: Map<string, Problem[]>;
}

/**
 * Parses the text or bytes of rollout.yaml, with the files that it includes (`domain/change/bundle`): fills in every
 * default, or returns every problem at once.
 *
 * Never throws because of the content. An error in one feature removes only that feature from `config`; an error
 * outside the features makes `config` null. Warnings have no effect.
 */
export function parseConfig(input: string | Uint8Array): ParseResult {
  const { main, included } = typeof input === 'string' ? partsOfText(input) : partsOfBytes(input);
  const read = readText(main);
  if (!read.ok) return refused(read.text, [{ offset: read.offset, message: read.message }]);
  const yaml = readYaml(read.text);
  if (yaml.errors.length > 0) return refused(read.text, yaml.errors);
  if (yaml.root === null) {
    return refused(read.text, [{ offset: 0, message: 'the file is empty; it begins with version: 1' }]);
  }
  return judge(yaml, included);
}

function judge(yaml: YamlText, included: readonly Part<string | Uint8Array>[]): ParseResult {
  const locator = new Locator(yaml);
  const findings = new Findings();
  const data = toData(yaml.root, findings);
  const newer = isPlainMap(data) ? requiresNewer(data) : null;
  if (newer) return { config: null, ...placedAlone(newer, locator) };
  const apart = isPlainMap(data) ? addIncluded({ data, locator, findings }, included) : [];
  if (apart.length > 0) {
    const { problems, broken } = findings.placed(locator);
    return { config: null, problems: [...problems, ...apart].sort(byPlace), broken };
  }
  if (hasTooManyFeatures(data, findings)) return { config: null, ...findings.placed(locator) };
  checkValuesOf(data, findings, locator);
  if (!isPlainMap(data)) return { config: null, ...findings.placed(locator) };
  // Names as written: a wrong metric is pruned, but a guardrail that names it is not misspelled.
  const metrics = namesIn(data.metrics);
  findings.prune(data);
  const file = data as unknown as RolloutFile;
  const views = featureViews(file);
  const policy = fillPolicy(file);
  for (const finding of checkRules(file, views, defaultsView(file), policy)) findings.add(finding);
  if (metrics) for (const finding of guardrailRules(file, views, metrics)) findings.add(finding);
  const config = findings.trusted ? configOf(file, views) : null;
  for (const feature of findings.broken) config?.features.delete(feature);
  return { config, ...findings.placed(locator) };
}

/** Returns one finding that makes all others irrelevant. */
function placedAlone(finding: Finding, locator: Locator): Pick<ParseResult, 'problems' | 'broken'> {
  const alone = new Findings();
  alone.add(finding);
  return alone.placed(locator);
}

/** Returns the keys of a map; empty if it is absent. Null: not a map, so the names are unknown. */
function namesIn(part: Plain | undefined): readonly string[] | null {
  if (part === undefined) return [];
  return isPlainMap(part) ? Object.keys(part) : null;
}

/** Checked first: checking each of a million features would take minutes. */
function hasTooManyFeatures(data: Plain, findings: Findings): boolean {
  const features = isPlainMap(data) ? data.features : undefined;
  const count = isPlainMap(features) ? Object.keys(features).length : 0;
  if (count <= MOST_FEATURES) return false;
  const message = `features has ${count} entries; at most ${MOST_FEATURES} are allowed`;
  findings.add({ severity: 'error', path: ['features'], at: 'key', message });
  return true;
}

/** Checks single values by the schema and by code, and reports each value once. */
function checkValuesOf(data: Plain, findings: Findings, locator: Locator): void {
  for (const part of schemaErrors(data)) {
    const complained = new Set<string>();
    for (const { path, describe } of explain(part, locator)) {
      complained.add(JSON.stringify(path));
      findings.addError(path, describe);
    }
    for (const finding of checkValues(part.data, part.path, locator)) {
      if (!complained.has(JSON.stringify(finding.path))) findings.add(finding);
    }
  }
}

function featureViews(file: RolloutFile): FeatureView[] {
  const defaults = file.defaults ?? {};
  return Object.entries(file.features ?? {}).map(([key, written]) => {
    return {
      key,
      path: ['features', key],
      written,
      defaults,
      spec: fillSpec(key, written, defaults, file.metrics),
    };
  });
}

function defaultsView(file: RolloutFile): FeatureView {
  const written: Feature = file.defaults ?? {};
  return {
    key: 'defaults',
    path: ['defaults'],
    written,
    defaults: {},
    spec: fillSpec('defaults', written, {}, file.metrics),
  };
}

function configOf(file: RolloutFile, views: readonly FeatureView[]): RolloutConfig {
  return {
    environment: file.environment ?? 'default',
    freeze: (file.freeze ?? []).map(({ from, to, reason }) => ({ from, to, reason })),
    test_repositories: entrySet(file.test_repositories ?? []),
    features: new Map(views.map(({ key, spec }) => [key, spec])),
    policy: fillPolicy(file),
    outcomes: fillOutcomes(file),
    notify: fillRoutes(file.notify),
    skips_steps: new Set(views.flatMap(({ key, written }) => (written.skip_steps ? [key] : []))),
    resumes: new Map(
      views.flatMap(({ key, written }) =>
        written.resumes === undefined ? [] : [[key, String(written.resumes)] as const],
      ),
    ),
  };
}

function refused(text: string, errors: readonly YamlError[]): ParseResult {
  const place = placesIn(text);
  const problems = errors.map(({ offset, message }) => {
    return { severity: 'error', path: '', ...place(offset), message } satisfies Problem;
  });
  return { config: null, problems: problems.sort(byPlace), broken: new Map() };
}
