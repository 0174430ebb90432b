import type { Problem } from '../../domain/spec/problem.ts';
import type { Path } from '../base/problems.ts';
import { readYaml } from './document.ts';
import { Locator } from './locate.ts';
import { readText } from './text.ts';

/** Warnings that only the database can give, at their places in a file that has been read before. */
export function warningsAt(
  content: string | Uint8Array,
  warnings: readonly { path: Path; message: string }[],
): Problem[] {
  const read = warnings.length > 0 ? readText(content) : null;
  if (!read?.ok) return [];
  const locator = new Locator(readYaml(read.text));
  return warnings.map(({ path, message }) =>
    locator.problem({ severity: 'warning', path, at: 'value', message }),
  );
}
