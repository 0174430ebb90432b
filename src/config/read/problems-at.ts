import { partsOfBytes, partsOfText } from '../../domain/change/bundle.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import { readYaml } from '../base/document.ts';
import type { Finding, Path } from '../base/problems.ts';
import { readText } from '../base/text.ts';
import { isPlainMap, toData } from '../base/tree.ts';
import { Locator } from '../schema/locate.ts';

/** Adds places to problems that only the database can find, in a file that was parsed before. */
export function problemsAt(
  content: string | Uint8Array,
  found: readonly { severity: Finding['severity']; path: Path; message: string }[],
): Problem[] {
  if (found.length === 0) return [];
  const { main, included } = typeof content === 'string' ? partsOfText(content) : partsOfBytes(content);
  const locator = locatorOf(main);
  for (const { path, content: part } of included) {
    const own = locatorOf(part);
    if (own) locator?.include(path, own, keysOf(part));
  }
  return locator === null ? [] : found.map((one) => locator.problem({ ...one, at: 'value' }));
}

function locatorOf(content: string | Uint8Array): Locator | null {
  const read = readText(content);
  return read.ok ? new Locator(readYaml(read.text)) : null;
}

function keysOf(content: string | Uint8Array): string[] {
  const read = readText(content);
  const data = read.ok ? toData(readYaml(read.text).root, { add: () => {} }) : null;
  return isPlainMap(data) && isPlainMap(data.features) ? Object.keys(data.features) : [];
}
