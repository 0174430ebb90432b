import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createRollout } from '../../src/runtime/index.ts';
import { applyFeature } from '../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../helpers/database/database.ts';
import { type Consumer, consumer } from '../helpers/package/consumer.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/runtime.md'), 'utf8');
const blocks = [...text.matchAll(/^```(\w+)(?: file=(\S+))?\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', file, code = '']) => ({ language, file, code }),
);

let project: Consumer;
let db: TestDatabase;

beforeAll(async () => {
  project = await consumer();
  for (const [index, { language, file, code }] of blocks.entries()) {
    if (language === 'ts') await project.write(file ?? `block-${index}.ts`, code);
  }
  db = await testDatabase();
  for (const feature of ['hybrid_progressive_capture', 'new_checkout']) {
    await applyFeature(db.pool, feature, { percentage: 100 });
  }
});

/** Starts a block of the document by its file name. */
function start(file: string, environment: Record<string, string> = {}) {
  const { program, args, env } = project.command(join(project.folder, file));
  const child = spawn(program, args, { env: { ...env, DATABASE_URL: db.connectionString, ...environment } });
  const output: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => output.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => output.push(line));
  return { child, output, ended: once(child, 'close') };
}

async function outcomes(processor: string): Promise<[number, number]> {
  const [row] = await db.rows(
    `select coalesce(sum(total_jobs), 0)::int as jobs, coalesce(sum(error_count), 0)::int as errors
     from rollout_metrics where processor_type = $1`,
    [processor],
  );
  return [row?.jobs, row?.errors];
}

describe('docs/runtime.md', () => {
  it('docs/runtime.md has no code block that these tests do not check', () => {
    expect(blocks.map(({ language }) => language).filter((one) => one !== 'ts')).toEqual([
      'sh',
      'sql',
      'yaml',
    ]);
    // `test/package` packs and installs it; here it must be the file that `npm pack` makes of this version.
    const { name, version } = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
    );
    expect(blocks.find(({ language }) => language === 'sh')?.code.match(/\S+\.tgz/g)).toEqual([
      `${name}-${version}.tgz`,
      `/path/to/${name}-${version}.tgz`,
    ]);
  });

  it('the programs in docs/runtime.md compile', async () => {
    expect(await project.typecheck()).toBe('');
  });

  it('the role in docs/runtime.md may decide and record', async () => {
    const name = `capture_app_${process.pid}`;
    await db.rows(
      (blocks.find(({ language }) => language === 'sql')?.code ?? '').replace('capture_app', name),
    );
    try {
      const url = new URL(db.connectionString);
      [url.username, url.password] = [name, 'choose one'];
      const rollout = await createRollout({ connectionString: url.href, env: {} });
      expect(rollout.isEligible('new_checkout', 'c1')).toBe(true);
      rollout.record({ feature: 'new_checkout', subject: 'c1', processor: 'by_role', ok: true });
      await rollout.close();
      expect(await outcomes('by_role')).toEqual([1, 0]);
    } finally {
      await db.rows(`drop role ${name}`);
    }
  });

  it('the worker in docs/runtime.md processes jobs and ends on SIGTERM', async () => {
    const { child, output, ended } = start('worker.ts');
    child.stdin.write('{"subject":"r1","timeRange":1}\n{"subject":"r2","timeRange":30}\n');
    await expect.poll(() => output).toEqual(['captures r1', 'captures r2']);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await outcomes('github_actions')).toEqual([1, 0]);
  });

  it('the service in docs/runtime.md answers, reports its health, and ends on SIGTERM', async () => {
    const port = await freePort();
    const { child, output, ended } = start('service.ts', { PORT: String(port) });
    await expect.poll(() => output).toContain('listening');
    expect(await (await fetch(`http://127.0.0.1:${port}/?customer=c1`)).text()).toBe('the new checkout');
    expect(await (await fetch(`http://127.0.0.1:${port}/health`)).json()).toMatchObject({
      status: 'ready',
      dropped: 0,
    });
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await outcomes('web')).toEqual([1, 0]);
  });

  it('the function in docs/runtime.md sees a change after a pause and flushes before it answers', async () => {
    const driver = `
      import { handler } from './function.ts';
      import { createInterface } from 'node:readline';
      console.log('ready');
      for await (const repositoryId of createInterface({ input: process.stdin })) {
        console.log(JSON.stringify(await handler({ repositoryId })));
      }
      process.exit(0);`;
    await project.write('driver.ts', driver);
    const { child, output, ended } = start('driver.ts');
    child.stdin.write('r1\n');
    await expect.poll(() => output).toEqual(['ready', '{"captured":true}']);
    expect(await outcomes('function')).toEqual([1, 0]);
    child.kill('SIGSTOP');
    await applyFeature(db.pool, 'hybrid_progressive_capture', { percentage: 0 });
    await setTimeout(2_500);
    child.kill('SIGCONT');
    child.stdin.write('r1\n');
    await expect.poll(() => output.slice(2)).toEqual(['{"captured":false}']);
    await applyFeature(db.pool, 'hybrid_progressive_capture', { percentage: 100 });
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
    expect(await outcomes('function')).toEqual([2, 0]);
  });

  it('the workflow in docs/runtime.md declares the adapter’s inputs and runs no text of an input', async () => {
    const workflow = parse(blocks.find(({ language }) => language === 'yaml')?.code ?? '');
    expect(Object.keys(workflow.on.workflow_dispatch.inputs)).toEqual(['job', 'rollout_stamp']);
    const runs = workflow.jobs.capture.steps.flatMap(({ run }: { run?: string }) => run ?? []);
    expect(runs).toEqual([expect.not.stringContaining('${{')]);
    const rollout = await createRollout({ connectionString: db.connectionString, env: {} });
    const { stamp } = rollout.route('hybrid_progressive_capture', { subject: 'r1', timeRange: 30 });
    await rollout.close();
    const before = await outcomes('github_actions');
    const { output, ended } = start('capture.ts', {
      JOB: '{"subject":"r1"}',
      ROLLOUT_STAMP: JSON.stringify(stamp),
    });
    expect(await ended).toEqual([0, null]);
    expect(output).toEqual(['captures {"subject":"r1"}']);
    expect(await outcomes('github_actions')).toEqual([(before[0] ?? 0) + 1, 0]);
  });

  it('the unit test in docs/runtime.md passes', async () => {
    const { child, output, ended } = start('testing.ts', { DATABASE_URL: '' });
    await ended;
    expect([child.exitCode, output]).toEqual([0, []]);
  });

  it('the OpenFeature provider in docs/runtime.md decides and tracks', async () => {
    const before = await outcomes('web');
    const { output, ended } = start('openfeature.ts');
    expect(await ended).toEqual([0, null]);
    expect(output).toEqual(['true SPLIT percentage']);
    expect(await outcomes('web')).toEqual([(before[0] ?? 0) + 1, 0]);
  });

  it('the manager in docs/runtime.md refuses to raise without a file, and rolls back', async () => {
    await applyFeature(db.pool, 'hybrid_progressive_capture', { percentage: 25, whitelist: ['r1'] });
    const { output, ended } = start('managers.ts');
    expect(await ended).toEqual([0, null]);
    expect(output.slice(0, 2)).toEqual(['true 0', expect.stringMatching(/^file_missing .*pull request/)]);
    const [row] = await db.rows(
      `select is_active, rollout_percentage::float8 as at from rollout_configuration where feature_name = 'hybrid_progressive_capture'`,
    );
    expect(row).toEqual({ is_active: false, at: 0 });
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
