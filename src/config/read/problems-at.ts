import type { Problem } from '../../domain/spec/problem.ts';
import type { Finding, Path } from '../base/problems.ts';
import { readYaml } from './document.ts';
import { Locator } from './locate.ts';
import { readText } from './text.ts';

/** Problems that only the database can find, at their places in a file that has been read before. */
export function problemsAt(
  content: string | Uint8Array,
  found: readonly { severity: Finding['severity']; path: Path; message: string }[],
): Problem[] {
  const read = found.length > 0 ? readText(content) : null;
  if (!read?.ok) return [];
  const locator = new Locator(readYaml(read.text));
  return found.map((one) => locator.problem({ ...one, at: 'value' }));
}
