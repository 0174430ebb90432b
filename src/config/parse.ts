import type { Problem } from '../domain/problem.ts';
import type { RolloutConfig } from '../domain/spec.ts';
import { readYaml, type YamlError, type YamlText } from './document.ts';
import { entrySet } from './entries.ts';
import { explain } from './explain.ts';
import { fillSpec } from './fill.ts';
import { Locator } from './locate.ts';
import { placesIn } from './places.ts';
import { byPlace, type Finding, featureOf, type Path } from './problems.ts';
import type { FeatureView } from './rule.ts';
import { checkRules } from './rules.ts';
import { schemaErrors } from './schema.ts';
import type { Feature, RolloutFile } from './schema-types.ts';
import { readText } from './text.ts';
import { isPlainMap, type Plain, type PlainMap, toData } from './tree.ts';
import { checkValues } from './values.ts';

export interface ParseResult {
  /** The trusted file without its broken features; null where something outside the features is wrong. */
  config: RolloutConfig | null;
  /** Errors and warnings, in the order of the text. */
  problems: Problem[];
  /** The errors of each feature that has some, by its key; such a feature is not in `config`. */
  broken: Map<string, Problem[]>;
}

/**
 * Reads the text of rollout.yaml, or its bytes: every default filled in, or every problem at once.
 *
 * Never throws for what is in the file. An error in one feature keeps only that feature out of `config`; an
 * error outside the features makes `config` null. Warnings change nothing.
 */
export function parseConfig(input: string | Uint8Array): ParseResult {
  const read = readText(input);
  if (!read.ok) return refused(read.text, [{ offset: read.offset, message: read.message }]);
  const yaml = readYaml(read.text);
  if (yaml.errors.length > 0) return refused(read.text, yaml.errors);
  if (yaml.root === null) {
    return refused(read.text, [{ offset: 0, message: 'the file is empty; it begins with version: 1' }]);
  }
  return judge(yaml);
}

function judge(yaml: YamlText): ParseResult {
  const locator = new Locator(yaml);
  const { data, findings: inTree } = toData(yaml.root);
  const findings = [...inTree, ...valueFindings(data, locator)];
  if (!isPlainMap(data)) return collect(findings, null, locator);
  for (const { path } of findings) prune(data, path);
  const file = data as unknown as RolloutFile;
  const views = featureViews(file);
  const byRule = checkRules(file, views, defaultsView(file));
  return collect([...findings, ...byRule], configOf(file, views), locator);
}

function valueFindings(data: Plain, locator: Locator): Finding[] {
  const bySchema = explain(schemaErrors(data), data, locator);
  const complained = new Set(bySchema.map(({ path }) => JSON.stringify(path)));
  const byCode = checkValues(data).filter(({ path }) => !complained.has(JSON.stringify(path)));
  return [...bySchema, ...byCode];
}

/**
 * Takes a wrong value out, so that the rules can look at the rest: within a feature or `defaults` the whole
 * field, since half of one (some thresholds, some steps) would look contradictory.
 */
function prune(data: PlainMap, path: Path): void {
  const depth = path[0] === 'features' ? 3 : path[0] === 'defaults' ? 2 : 1;
  const [parents, last] = [path.slice(0, depth).slice(0, -1), path.slice(0, depth).at(-1)];
  let map: Plain | undefined = data;
  for (const key of parents) map = isPlainMap(map) ? map[key] : undefined;
  if (isPlainMap(map) && last !== undefined) delete map[last];
}

function featureViews(file: RolloutFile): FeatureView[] {
  const defaults = file.defaults ?? {};
  return Object.entries(file.features ?? {}).map(([key, written]) => {
    return { key, path: ['features', key], written, defaults, spec: fillSpec(key, written, defaults) };
  });
}

function defaultsView(file: RolloutFile): FeatureView {
  const written: Feature = file.defaults ?? {};
  return {
    key: 'defaults',
    path: ['defaults'],
    written,
    defaults: {},
    spec: fillSpec('defaults', written, {}),
  };
}

function configOf(file: RolloutFile, views: readonly FeatureView[]): RolloutConfig {
  return {
    environment: file.environment ?? 'default',
    freeze: (file.freeze ?? []).map(({ from, to, reason }) => ({ from, to, reason })),
    test_repositories: entrySet(file.test_repositories ?? []),
    features: new Map(views.map(({ key, spec }) => [key, spec])),
  };
}

/** Places the findings, and decides by them what of the file may be trusted. */
function collect(findings: readonly Finding[], config: RolloutConfig | null, locator: Locator): ParseResult {
  const placed = findings.map((finding) => ({ finding, problem: locator.problem(finding) }));
  placed.sort((a, b) => byPlace(a.problem, b.problem));
  const broken = new Map<string, Problem[]>();
  let trusted = config;
  for (const { finding, problem } of placed) {
    if (problem.severity === 'warning') continue;
    const feature = finding.wholeFile ? null : featureOf(finding.path);
    if (feature === null) {
      trusted = null;
      continue;
    }
    const errors = broken.get(feature);
    if (errors) errors.push(problem);
    else broken.set(feature, [problem]);
  }
  for (const feature of broken.keys()) trusted?.features.delete(feature);
  return { config: trusted, problems: placed.map(({ problem }) => problem), broken };
}

function refused(text: string, errors: readonly YamlError[]): ParseResult {
  const place = placesIn(text);
  const problems = errors.map(({ offset, message }) => {
    return { severity: 'error', path: '', ...place(offset), message } satisfies Problem;
  });
  return { config: null, problems: problems.sort(byPlace), broken: new Map() };
}
