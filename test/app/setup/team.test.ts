import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { includingTeam, withOwner } from '../../../src/app/setup/team.ts';
import { gitProject, project } from '../../helpers/projects/project.ts';

const MAIN = 'version: 1\nfeatures:\n  main: {}   # first\n';

describe('rollout init --team', () => {
  it('rollout init --team writes the file of a team, includes it once and names its owner', async () => {
    const made = await gitProject();
    await made.commit(MAIN);
    const data = await made.cli(['init', '--team', 'data', '--owner', '@acme/data']);
    expect([data.code, data.stderr]).toEqual([
      0,
      expect.stringContaining('next: put features into the file'),
    ]);
    const read = (path: string) => readFile(join(made.dir, path), 'utf8');
    expect(await read('rollout.yaml')).toBe(`${MAIN}include: ["rollouts/*.yaml"]\n`);
    expect(await read('rollouts/data.yaml')).toContain('features: {}');
    expect(await read('.github/CODEOWNERS')).toBe('/rollouts/data.yaml @acme/data\n');
    const web = await made.cli(['init', '--team', 'web', '--owner', '@ada']);
    expect(web.code).toBe(0);
    expect(await read('rollout.yaml')).toBe(`${MAIN}include: ["rollouts/*.yaml"]\n`);
    expect(await read('.github/CODEOWNERS')).toBe(
      '/rollouts/data.yaml @acme/data\n/rollouts/web.yaml @ada\n',
    );
    const valid = await made.cli(['validate']);
    expect([valid.code, valid.stdout]).toEqual([0, 'rollout.yaml is valid: 1 feature\n']);
    const again = await made.cli(['init', '--team', 'web', '--owner', '@ada']);
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringContaining('rollouts/web.yaml is there already'),
    ]);
  });

  it('rollout init --team refuses a name or an owner that is invalid in a file, and a missing main file', async () => {
    const made = await project();
    await made.write(MAIN);
    const stderr = async (...args: string[]) => (await made.cli(['init', ...args])).stderr;
    expect(await stderr('--team', '../x', '--owner', '@a/b')).toContain('--team is "../x"');
    expect(await stderr('--team', 'data')).toContain('--owner is ""');
    expect(await stderr('--team', 'data', '--owner', '@a b')).toContain('such as @acme/data');
    expect(await stderr('--team', 'data', '--owner', '@a', '--file', 'no.yaml')).toContain(
      'there is no file no.yaml',
    );
  });

  it('rollout init --team keeps existing patterns and lines', () => {
    const included = 'version: 1\ninclude:\n  - rollouts/d*.yaml\nfeatures: {}\n';
    expect(includingTeam(included, 'rollouts/data.yaml')).toBe(included);
    expect(includingTeam(included, 'rollouts/web.yaml')).toContain(
      '  - rollouts/d*.yaml\n  - "rollouts/*.yaml"\n',
    );
    expect(withOwner('# ours\n/rollouts/data.yaml @b', 'rollouts/data.yaml', '@a')).toBe(
      '# ours\n/rollouts/data.yaml @b',
    );
    expect(withOwner('* @all', 'rollouts/data.yaml', '@a')).toBe('* @all\n/rollouts/data.yaml @a\n');
  });
});
