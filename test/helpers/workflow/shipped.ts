import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A workflow as this repository has it. */
export function shippedWorkflow(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, '../../../.github/workflows', `${name}.yml`), 'utf8');
}
