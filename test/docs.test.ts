import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandReference, fileReference } from '../scripts/generate-docs.ts';

/** A document as it is committed. */
function committed(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, '../docs', name), 'utf8');
}

describe('the generated documents', () => {
  it('docs/file.md agrees with the schema; if this fails, run: npm run generate', async () => {
    expect(await committed('file.md')).toBe(fileReference());
  });

  it('docs/commands.md agrees with the commands’ help; if this fails, run: npm run generate', async () => {
    expect(await committed('commands.md')).toBe(await commandReference());
  });
});
