import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from 'yaml';
import { harmless } from '../../lib/text.ts';
import { type Finding, keyText, type Path } from './problems.ts';

export type Plain = null | boolean | number | string | Plain[] | PlainMap;
export interface PlainMap {
  [key: string]: Plain;
}

/** Receives findings one at a time, because a hostile file has millions. */
interface Sink {
  add(finding: Finding): void;
}

/**
 * Converts a node tree to data; errors in its notation go to the findings.
 *
 * Maps have no prototype, so that `__proto__` is an ordinary key. Of a repeated key, the first one counts.
 */
export function toData(root: ParsedNode | null, findings: Sink): Plain {
  return root === null ? null : convert(root, [], findings);
}

function convert(node: ParsedNode, path: Path, findings: Sink): Plain {
  checkProperties(node, path, findings);
  if (isScalar(node)) return node.value as Plain;
  if (isSeq(node)) return node.items.map((item, i) => convert(item as ParsedNode, [...path, i], findings));
  if (isMap(node)) return convertMap(node as YAMLMap.Parsed, path, findings);
  // Aliases are refused before anything reads the data.
  return null;
}

function convertMap(map: YAMLMap.Parsed, path: Path, findings: Sink): PlainMap {
  const data: PlainMap = Object.create(null);
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const offset = pair.key.range[0];
    const here = [...path, key];
    checkProperties(pair.key, here, findings);
    if (key === '<<') {
      findings.add(
        refused(here, offset, 'merge keys (<<) are not supported; put what features share into defaults'),
      );
    } else if (Object.hasOwn(data, key)) {
      const message = `${keyText(key)} is here twice; keep one of them`;
      findings.add({ severity: 'error', path: here, at: offset, message });
      if (pair.value) convert(pair.value, here, findings);
    } else {
      data[key] = pair.value ? convert(pair.value, here, findings) : null;
    }
  }
  return data;
}

/** Reports anchors, aliases and tags, which are refused everywhere, for the whole file. */
function checkProperties(node: ParsedNode, path: Path, findings: Sink): void {
  const offset = node.range[0];
  if (isAlias(node)) {
    const message = `aliases (*${harmless(node.source)}) are not supported; write the value, or put it into defaults`;
    findings.add(refused(path, offset, message));
    return;
  }
  if (node.anchor !== undefined) {
    const message = `anchors (&${harmless(node.anchor)}) are not supported; put what features share into defaults`;
    findings.add(refused(path, offset, message));
  }
  if (node.tag !== undefined) {
    const message = `tags (${harmless(node.tag.replace('tag:yaml.org,2002:', '!!'))}) are not supported; write the value alone`;
    findings.add(refused(path, offset, message));
  }
}

function refused(path: Path, offset: number, message: string): Finding {
  return { severity: 'error', path, at: offset, message, wholeFile: true };
}

export function isPlainMap(value: Plain | undefined): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
