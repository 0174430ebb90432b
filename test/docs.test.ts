import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandReference, fileReference } from '../scripts/generate-docs.ts';

/** A document as it is committed. */
function committed(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, '../docs', name), 'utf8');
}

describe('the generated documents', () => {
  it('say of rollout.yaml what the schema says; where this fails, run: npm run generate', async () => {
    expect(await committed('file.md')).toBe(fileReference());
  });

  it('say of the commands what their help says; where this fails, run: npm run generate', async () => {
    expect(await committed('commands.md')).toBe(await commandReference());
  });
});
