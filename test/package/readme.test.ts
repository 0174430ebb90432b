import { exec } from 'node:child_process';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { localRegistry } from '../helpers/package/registry.ts';
import { temporaryFolder } from '../helpers/projects/git.ts';
import { blocks, commandsOf } from '../helpers/source/readme.ts';
import { pack } from './installed.ts';

describe('the three commands of the README', () => {
  it('the README’s three commands lead from an empty folder to a printed rollback', async () => {
    const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
    const [, section = ''] = /^## Three commands\n([\s\S]*?)^## /m.exec(readme) ?? [];
    const commands = blocks(section, 'sh').flatMap(commandsOf);
    expect(commands).toHaveLength(3);

    const above = await temporaryFolder();
    await chmod(above, 0o755); // where root runs this, the embedded server is another user
    const [clone, empty] = [join(above, 'rollout-controller'), join(above, 'empty')];
    for (const folder of [clone, empty]) await mkdir(folder);
    await pack(clone);
    const env = {
      PATH: process.env.PATH,
      HOME: above,
      TMPDIR: above,
      npm_config_registry: await localRegistry(),
      npm_config_audit: 'false',
      npm_config_update_notifier: 'false',
    };
    const printed: string[] = [];
    for (const command of commands) {
      printed.push((await promisify(exec)(command, { cwd: empty, env })).stdout);
    }
    expect(await readdir(empty)).toEqual(expect.arrayContaining(['node_modules', 'rollout.yaml', 'schema']));
    expect(printed[1]).toContain('wrote rollout.yaml with 1 feature');
    expect(printed[2]).toMatch(/new_checkout .*rolled back/);
    expect(printed[2]).toContain('incident 1, opened by fuse');
    expect(printed[2]).toMatch(/The chain of \d+ rows holds\./);
  });
});
