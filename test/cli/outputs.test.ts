import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { bareEnvironment } from '../helpers/processes/cli.ts';
import { compiledCli } from '../helpers/processes/compiled.ts';
import { temporaryFolder } from '../helpers/projects/git.ts';

describe('a command whose output goes nowhere', () => {
  it('a command whose remarks nobody reads ends as usual', async () => {
    const child = spawn(process.execPath, [compiledCli(), 'init'], {
      ...{ cwd: await temporaryFolder(), env: bareEnvironment() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.destroy();
    const said = text(child.stdout);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(await said).toContain('wrote rollout.yaml with 1 feature');
  });

  it('a command whose answer cannot be written fails with a reason and without a stack', async () => {
    const readOnly = await open(process.execPath, 'r');
    const child = spawn(process.execPath, [compiledCli(), '--help'], {
      ...{ cwd: await temporaryFolder(), env: bareEnvironment() },
      stdio: ['ignore', readOnly.fd, 'pipe'],
    });
    const said = text(child.stderr ?? process.stdin);
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(await said).toMatch(/^error: the answer could not be written: EBADF.*\n$/);
    await readOnly.close();
  });
});
