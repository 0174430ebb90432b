import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from 'vitest';
import { applyFeature } from '../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../helpers/database/database.ts';
import { type Consumer, consumer } from '../helpers/package/consumer.ts';

let project: Consumer;
let worker: string;

beforeAll(async () => {
  project = await consumer();
  worker = await project.copy('examples/worker/worker.ts');
});

async function capture(percentage: number): Promise<TestDatabase> {
  const db = await testDatabase();
  await applyFeature(db.pool, 'hybrid_progressive_capture', { percentage });
  return db;
}

/** Starts the worker; `lines` are what it prints. */
function start(db: TestDatabase) {
  const { program, args, env } = project.command(worker);
  const child = spawn(program, args, { env: { ...env, DATABASE_URL: db.connectionString } });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const send = (...jobs: object[]) =>
    child.stdin.write(jobs.map((job) => `${JSON.stringify(job)}\n`).join(''));
  return { child, lines, errors, send, ended: once(child, 'close') };
}

const outcomes = (db: TestDatabase) =>
  db.rows(
    `select processor_type as processor, arm, sum(total_jobs)::int as jobs, sum(error_count)::int as errors
     from rollout_metrics group by 1, 2 order by 1, 2`,
  );

describe('the example worker', () => {
  it('the example worker compiles', async () => {
    expect(await project.typecheck()).toBe('');
  });

  it('the example worker routes, processes, falls back and records', async () => {
    const db = await capture(100);
    const { child, lines, errors, send, ended } = start(db);
    send(
      { subject: 'r1', timeRange: 1 },
      { subject: 'r2', timeRange: 1, fails: true },
      { subject: 'r3', timeRange: 30 },
    );
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
    expect([lines, errors]).toEqual([
      [
        'ready',
        'treatment job to inngest',
        'treatment job to inngest',
        'treatment job to inngest, the fallback',
      ],
      [],
    ]);
    expect(await outcomes(db)).toEqual([
      { processor: 'github_actions', arm: 'treatment', jobs: 1, errors: 1 },
      { processor: 'inngest', arm: 'fallback', jobs: 1, errors: 0 },
      { processor: 'inngest', arm: 'treatment', jobs: 2, errors: 1 },
    ]);
    const [said] = await db.rows(`select message from rollout_errors where processor_type = 'inngest'`);
    expect(said).toEqual({ message: 'r2 could not be captured' });
  });

  it('the example worker sends an ineligible repository to the fallback processor, as control', async () => {
    const db = await capture(0);
    const { child, send, ended } = start(db);
    send({ subject: 'r1', timeRange: 30 });
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
    expect(await outcomes(db)).toEqual([{ processor: 'inngest', arm: 'control', jobs: 1, errors: 0 }]);
  });

  it('the example worker finishes and records its jobs on SIGTERM and ends', async () => {
    const db = await capture(100);
    const { child, lines, send, ended } = start(db);
    send({ subject: 'r1', timeRange: 1 });
    await expect.poll(() => lines).toHaveLength(2);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await outcomes(db)).toEqual([{ processor: 'inngest', arm: 'treatment', jobs: 1, errors: 0 }]);
  });
});
