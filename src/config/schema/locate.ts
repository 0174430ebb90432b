import { isMap, isScalar, isSeq, type Pair, type ParsedNode, type YAMLMap } from 'yaml';
import type { Problem } from '../../domain/spec/problem.ts';
import type { YamlText } from '../base/document.ts';
import type { Finding, Path } from '../base/problems.ts';
import { featureOf, pathText } from '../base/problems.ts';

type ParsedPair = Pair<ParsedNode, ParsedNode | null>;

/** Finds nodes by path. Each map is indexed once, so that thousands of look-ups in a large map stay cheap. */
export class Locator {
  private readonly yaml: YamlText;
  /** The included files, by the keys of their features. */
  private readonly parts = new Map<string, { file: string; locator: Locator }>();
  private readonly indexes = new WeakMap<YAMLMap.Parsed, Map<string, ParsedPair>>();

  constructor(yaml: YamlText) {
    this.yaml = yaml;
  }

  /** Looks up the features with these keys in an included file from now on. */
  include(file: string, locator: Locator, keys: readonly string[]): void {
    for (const key of keys) this.parts.set(key, { file, locator });
  }

  private partOf(path: Path): { file: string; locator: Locator } | undefined {
    const feature = featureOf(path);
    return feature === null ? undefined : this.parts.get(feature);
  }

  /** Returns the value at a path; null if there is none. */
  node(path: Path): ParsedNode | null {
    const part = this.partOf(path);
    if (part) return part.locator.node(path);
    let node = this.yaml.root;
    for (const part of path) node = this.child(node, part);
    return node;
  }

  /** Returns the pair of key and value at a path; undefined if the key does not exist. */
  pair(path: Path): ParsedPair | undefined {
    const part = this.partOf(path);
    if (part) return part.locator.pair(path);
    const parent = this.node(path.slice(0, -1));
    return isMap(parent) ? this.index(parent as YAMLMap.Parsed).get(String(path.at(-1))) : undefined;
  }

  /** Adds its place to a finding. */
  problem(finding: Finding): Problem {
    const part = this.partOf(finding.path);
    if (part) return { file: part.file, ...part.locator.problem(finding) };
    const { line, column } = this.yaml.place(this.offset(finding));
    const { severity, message, code } = finding;
    return { severity, path: pathText(finding.path), line, column, message, ...(code ? { code } : {}) };
  }

  /** Returns the source text of a plain or quoted scalar; null for other nodes. */
  source(path: Path): string | null {
    const part = this.partOf(path);
    if (part) return part.locator.source(path);
    const node = this.node(path);
    return isScalar(node) ? this.yaml.text.slice(node.range[0], node.range[1]) : null;
  }

  private offset({ path, at }: Finding): number {
    if (typeof at === 'number') return at;
    for (let length = path.length; length > 0; length--) {
      const part = path.slice(0, length);
      const key = this.pair(part)?.key.range[0];
      const value = this.node(part)?.range[0];
      const found = at === 'key' ? (key ?? value) : (value ?? key);
      if (found !== undefined) return found;
    }
    return this.yaml.root?.range[0] ?? 0;
  }

  private child(node: ParsedNode | null, part: string | number): ParsedNode | null {
    if (isSeq(node) && typeof part === 'number') return (node.items[part] as ParsedNode | undefined) ?? null;
    if (isMap(node)) return this.index(node as YAMLMap.Parsed).get(String(part))?.value ?? null;
    return null;
  }

  private index(map: YAMLMap.Parsed): Map<string, ParsedPair> {
    const known = this.indexes.get(map);
    if (known) return known;
    const index = new Map<string, ParsedPair>();
    for (const pair of map.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      // As in the data, the first occurrence of a repeated key counts.
      if (!index.has(key)) index.set(key, pair);
    }
    this.indexes.set(map, index);
    return index;
  }
}
