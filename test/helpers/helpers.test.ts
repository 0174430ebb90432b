import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyDatabase, testDatabase } from './database/database.ts';
import { runScript } from './processes/cli.ts';
import { cloneOf, gitRepository, temporaryFolder } from './projects/git.ts';

describe('a test database', async () => {
  const one = await testDatabase();
  const two = await emptyDatabase();

  it('each caller gets a test database of its own', async () => {
    await one.pool.query('create table only_here (n integer)');
    expect(await two.rows(`select to_regclass('only_here') as found`)).toEqual([{ found: null }]);
    expect(await one.rows(`select to_regclass('only_here')::text as found`)).toEqual([
      { found: 'only_here' },
    ]);
  });

  it('a test database gives separate sessions with real locks between them', async () => {
    const [first, second] = [await one.client(), await one.client()];
    await first.query('select pg_advisory_lock(1)');
    const { rows } = await second.query('select pg_try_advisory_lock(1) as got');
    expect(rows).toEqual([{ got: false }]);
  });
});

describe('a test repository', () => {
  it('a test repository commits files, and a clone of its bare remote has them', async () => {
    const repository = await gitRepository();
    const first = await repository.commit({ 'rollout.yaml': 'version: 1\n', 'a/b.txt': 'b' }, 'first');
    const remote = await repository.bareRemote();
    const second = await repository.commit({ 'a/b.txt': null }, 'second');
    expect(second).not.toBe(first);
    const colleague = await cloneOf(remote);
    expect(await colleague.git('rev-parse', 'HEAD')).toBe(first);
    expect(await repository.git('rev-parse', 'origin/HEAD')).toBe(first);
    await repository.git('push', '--quiet', 'origin', 'main');
    await colleague.git('pull', '--quiet');
    expect(await colleague.git('ls-files')).toBe('rollout.yaml');
  });
});

describe('a child process', () => {
  it('a child process gets arguments, environment, folder and input, and its end is reported', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'inner'));
    const script = join(folder, 'echo.mts');
    await writeFile(
      script,
      `let text: string = ''; for await (const part of process.stdin) text += part;
       console.log(JSON.stringify([process.argv[2], process.env.GIVEN, process.env.DATABASE_URL ?? null, text, process.cwd()]));
       console.error('to stderr'); process.exitCode = 3;`,
    );
    const cwd = join(folder, 'inner');
    const result = await runScript(script, ['argument'], { cwd, env: { GIVEN: 'yes' }, stdin: 'input' });
    expect(result).toMatchObject({ code: 3, stderr: 'to stderr\n' });
    expect(JSON.parse(result.stdout)).toEqual(['argument', 'yes', null, 'input', cwd]);
  });

  it('a child process that does not end is killed', async () => {
    const script = join(await temporaryFolder(), 'endless.mts');
    await writeFile(script, `setInterval(() => {}, 1000);`);
    await expect(runScript(script, ['endless'], { timeout: 1_500 })).rejects.toThrow('no end after 1500 ms');
  });
});

describe('the limits of the tests', () => {
  it('every time limit of a test grows with the slowness of the machine; no test file has a fixed one', async () => {
    const tests = join(import.meta.dirname, '..');
    const fixed: string[] = [];
    for (const name of await readdir(tests, { recursive: true })) {
      if (!name.endsWith('.ts') || /node_modules|^bench|helpers\.test\.ts$/.test(name)) continue;
      const lines = (await readFile(join(tests, name), 'utf8')).split('\n');
      const found = lines.filter((line) => /timeout: [\d_]+|^\s*\}, [\d_]+\);$/.test(line));
      fixed.push(...found.map((line) => `${name}: ${line.trim()}`));
    }
    expect(fixed).toEqual([]);
  });
});
