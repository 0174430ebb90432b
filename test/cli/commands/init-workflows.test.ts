import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../../helpers/processes/cli.ts';
import { gitRepository, temporaryFolder } from '../../helpers/projects/git.ts';
import { readWorkflow } from '../../helpers/workflow/read.ts';

const ACTION = `acme/rollout@${'0123456789'.repeat(4)}`;

describe('init in a git repository', () => {
  it('init in a git repository writes pinned workflows beside the file and lists what to do by hand', async () => {
    const { dir, git } = await gitRepository();
    await git('symbolic-ref', 'HEAD', 'refs/heads/trunk');
    await mkdir(join(dir, 'config'));
    const { code, stdout, stderr } = await cli(
      ['init', '--file', 'config/rollout.yaml', '--action', ACTION],
      { cwd: dir },
    );
    expect(code).toBe(0);
    const folder = join(dir, '.github/workflows');
    const names = (await readdir(folder)).sort();
    expect(names).toEqual(
      ['emergency-stop', 'health', 'operate', 'plan', 'reconcile', 'report'].map(
        (name) => `rollout-${name}.yml`,
      ),
    );
    for (const name of names) {
      const text = await readFile(join(folder, name), 'utf8');
      await readWorkflow(name, text);
      expect(text).toContain(`uses: ${ACTION}\n`);
      expect(text).toContain('file: "config/rollout.yaml"\n');
      expect(stdout).toContain(`wrote .github/workflows/${name}\n`);
    }
    expect(await readFile(join(folder, 'rollout-reconcile.yml'), 'utf8')).toContain('branches: ["trunk"]');
    for (const word of [
      'limited to the branch trunk',
      'ROLLOUT_DATABASE_URL',
      'create pull requests',
      'GitHub App',
      'rollout doctor',
    ]) {
      expect(stderr).toContain(word);
    }
  });

  it('init never overwrites a file: it keeps existing files and adds missing ones', async () => {
    const { dir } = await gitRepository();
    const health = join(dir, '.github/workflows/rollout-health.yml');
    await mkdir(join(dir, '.github/workflows'), { recursive: true });
    await writeFile(health, '# mine\n');
    await writeFile(join(dir, 'rollout.yaml'), '# mine too\n');
    const { code, stdout } = await cli(['init', '--json', '--action', ACTION], { cwd: dir });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ file: 'rollout.yaml', kept: true, left_to_do: expect.any(Array) },
      workflows: { kept: ['.github/workflows/rollout-health.yml'], written: { length: 5 } },
    });
    expect(await readFile(health, 'utf8')).toBe('# mine\n');
    expect(await readFile(join(dir, 'rollout.yaml'), 'utf8')).toBe('# mine too\n');
  });

  it('a second init with workflows keeps everything and does not suggest replacing the file', async () => {
    const { dir } = await gitRepository();
    const init = () => cli(['init', '--action', ACTION], { cwd: dir });
    await init();
    const { code, stdout, stderr } = await init();
    expect(code).toBe(0);
    expect(stdout.match(/^kept .*, which is there already$/gm)).toHaveLength(7);
    expect(stderr).not.toContain('--force');
  });

  it("init writes no workflows with --no-workflows, without an action's place or outside a repository", async () => {
    const { dir } = await gitRepository();
    const without = await cli(['init', '--no-workflows', '--json'], { cwd: dir });
    expect(JSON.parse(without.stdout)).toMatchObject({ kept: false, workflows: null });
    expect(await readdir(dir)).not.toContain('.github');
    const cwd = await temporaryFolder();
    const outside = await cli(['init', '--action', ACTION], { cwd, env: { GIT_CEILING_DIRECTORIES: cwd } });
    expect(outside).toMatchObject({ code: 1, stderr: expect.stringContaining('is not in a git repository') });
    expect(await readdir(cwd)).toEqual([]);
    const wrong = await cli(['init', '--action', 'acme/rollout'], { cwd: dir });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('OWNER/REPO@COMMIT') });
  });

  it('init --environment writes a file and workflows of its own beside the existing ones', async () => {
    const { dir } = await gitRepository();
    const init = (...args: string[]) => cli(['init', '--action', ACTION, ...args], { cwd: dir });
    await init();
    const staging = ['--environment', 'staging', '--file', 'staging.yaml'];
    const { code, stderr } = await init(...staging);
    expect(code).toBe(0);
    expect(stderr).toContain('an environment "rollout-staging-operate" limited to the branch');
    expect(stderr).toContain('ROLLOUT_STAGING_READER_DATABASE_URL');
    const folder = join(dir, '.github/workflows');
    const names = await readdir(folder);
    expect(names).toHaveLength(12);
    const tick = await readFile(join(folder, 'rollout-staging-health.yml'), 'utf8');
    expect(tick).toContain('name: rollout staging health\n');
    expect(tick).toContain('environment: rollout-staging\n');
    expect(tick).toContain('file: "staging.yaml"\n');
    expect(await readFile(join(dir, 'staging.yaml'), 'utf8')).toContain('environment: staging\n');
    expect(await readFile(join(dir, 'rollout.yaml'), 'utf8')).toContain('environment: production\n');
  });

  it('init of a second file without an environment reports that the workflows belong to the first', async () => {
    const { dir } = await gitRepository();
    const init = (...args: string[]) => cli(['init', '--json', '--action', ACTION, ...args], { cwd: dir });
    await init();
    const first = JSON.parse((await init()).stdout);
    expect(first.workflows.of_another_file).toEqual([]);
    const second = JSON.parse((await init('--file', 'other.yaml')).stdout);
    expect(second.workflows.of_another_file).toHaveLength(6);
  });

  it("init refuses another file's environment and names reserved for environments that raise", async () => {
    const { dir } = await gitRepository();
    const init = (...args: string[]) => cli(['init', '--action', ACTION, ...args], { cwd: dir });
    await init();
    const other = await init('--environment', 'staging');
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('--file staging.yaml') });
    expect((await readdir(join(dir, '.github/workflows'))).length).toBe(6);
    for (const name of ['operate', 'eu-operate', 'Staging', 'a b']) {
      expect(await init('--environment', name)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('--environment is '),
      });
    }
  });

  it("init warns about an action's version that can change", async () => {
    const { dir } = await gitRepository();
    const { stderr } = await cli(['init', '--action', 'acme/rollout@v1'], { cwd: dir });
    expect(stderr).toContain('acme/rollout@v1 can change under you: name the commit instead');
  });
});
