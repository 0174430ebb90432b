import type { Part } from '../../domain/change/bundle.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import { quoted } from '../../lib/text.ts';
import { readYaml } from '../base/document.ts';
import { error } from '../base/finding.ts';
import { isPattern, matches } from '../base/patterns.ts';
import { type Finding, featureOf, keyText, nameOf } from '../base/problems.ts';
import { readText } from '../base/text.ts';
import { isPlainMap, type Plain, type PlainMap, toData } from '../base/tree.ts';
import { Locator } from '../schema/locate.ts';
import type { Findings } from './findings.ts';

/** The main file, as far as it is parsed. */
interface Main {
  data: PlainMap;
  locator: Locator;
  findings: Findings;
}

/**
 * Adds the features of the included files to those of the main file. Returns errors outside of any feature: then the
 * whole configuration is refused, because the content of such a file is unknown.
 */
export function addIncluded(main: Main, included: readonly Part<string | Uint8Array>[]): Problem[] {
  const { data, findings } = main;
  for (const finding of patternFindings(data.include, included)) findings.add(finding);
  const files = new Map<string, string | null>();
  if (isPlainMap(data.features)) for (const key of Object.keys(data.features)) files.set(key, null);
  return included.flatMap((part) => addOne(main, part, files));
}

/** Checks that each pattern stays below the main file's folder and matches a file. */
function patternFindings(include: Plain | undefined, included: readonly Part<unknown>[]): Finding[] {
  if (!Array.isArray(include)) return [];
  return include.flatMap((pattern, i) => {
    if (typeof pattern !== 'string') return [];
    const where = ['include', i];
    if (!isPattern(pattern)) {
      const right = 'write a path below the folder of this file, such as rollouts/*.yaml';
      return [error(where, `include[${i}] is ${quoted(pattern)}; ${right}`)];
    }
    if (included.some(({ path }) => matches(pattern, path))) return [];
    return [error(where, `include[${i}] is ${quoted(pattern)}, which matches no other file`)];
  });
}

function addOne(
  { data, findings, locator }: Main,
  { path: file, content }: Part<string | Uint8Array>,
  files: Map<string, string | null>,
): Problem[] {
  const read = readText(content);
  const yaml = readYaml(read.text);
  const at = (offset: number, message: string): Problem => {
    return { file, severity: 'error', path: '', ...yaml.place(offset), message };
  };
  if (!read.ok) return [at(read.offset, read.message)];
  if (yaml.errors.length > 0) return yaml.errors.map(({ offset, message }) => at(offset, message));
  if (yaml.root === null) return [at(0, 'the file is empty; an included file has features')];
  const own = new Locator(yaml);
  const found: Finding[] = [];
  const said = toData(yaml.root, { add: (finding) => found.push(finding) });
  const outside = found.filter((finding) => finding.wholeFile || featureOf(finding.path) === null);
  const wrong = [...outside, ...shapeFindings(said)].map((finding) => ({ file, ...own.problem(finding) }));
  if (wrong.length > 0 || !isPlainMap(said) || !isPlainMap(said.features)) return wrong;

  const keys = Object.keys(said.features).filter((key) => !files.has(key));
  locator.include(file, own, keys);
  const features: PlainMap = isPlainMap(data.features) ? data.features : Object.create(null);
  for (const key of keys) features[key] = said.features[key] ?? null;
  data.features = features;
  for (const finding of found) if (keys.includes(featureOf(finding.path) ?? '')) findings.add(finding);
  for (const key of Object.keys(said.features).filter((one) => files.has(one))) {
    const first = files.get(key) ?? null;
    findings.add(twice(key, first, { file, line: own.problem(atKey(key, '')).line }));
  }
  for (const key of keys) files.set(key, file);
  return [];
}

/** Reports a feature with two entries, neither of which can be trusted. */
function twice(key: string, first: string | null, second: { file: string; line: number }): Finding {
  const here = first === null ? 'here, in the main file' : `here, in ${first}`;
  return atKey(
    key,
    `feature ${keyText(key)} is ${here}, and in line ${second.line} of ${second.file}; keep one of them`,
  );
}

function atKey(key: string, message: string): Finding {
  return { severity: 'error', path: ['features', key], at: 'key', message };
}

/** Checks that an included file has only features, so that settings for all of them are in one file. */
function shapeFindings(data: Plain): Finding[] {
  if (!isPlainMap(data)) return [error([], 'the file is not a map; an included file has features')];
  const others = Object.keys(data).filter((key) => key !== 'features');
  const unknown = others.map((key): Finding => {
    const message = `${keyText(key)} is not a key of an included file, which has features alone; it belongs into the main file`;
    return { severity: 'error', path: [key], at: 'key', message };
  });
  if (isPlainMap(data.features)) return unknown;
  const missing = Object.hasOwn(data, 'features')
    ? `${nameOf(['features'])} is not a map of features`
    : 'features is missing; an included file has nothing else';
  return [...unknown, error(['features'], missing)];
}
