import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proposalBranch } from '../../src/app/proposal-branch.ts';

const source = join(import.meta.dirname, '../../src');

describe('the branch of a proposal', () => {
  it("a proposal's branch name contains the environment when it has a name", () => {
    const hold = { operation: 'hold', name: 'checkout' } as const;
    expect(proposalBranch(null, hold)).toBe('rollout/hold/checkout');
    expect(proposalBranch('default', hold)).toBe('rollout/hold/checkout');
    expect(proposalBranch('staging', hold)).toBe('rollout/staging/hold/checkout');
  });

  it("a proposal's branch name is written in one place of the source", async () => {
    const paths = (await readdir(source, { recursive: true })).filter((path) => path.endsWith('.ts'));
    const naming = await Promise.all(
      paths.map(async (path) => {
        const text = await readFile(join(source, path), 'utf8');
        return /branch: [`'"]rollout\/|return `rollout\//.test(text) ? [path] : [];
      }),
    );
    expect(naming.flat()).toEqual(['app/proposal-branch.ts']);
  });
});
