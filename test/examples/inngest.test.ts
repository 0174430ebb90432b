import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from 'vitest';
import { createRollout, createRouter, inngest, stampOf } from '../../src/runtime/index.ts';
import { applyFeature } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { consumer } from '../helpers/package/consumer.ts';

const modules = join(import.meta.dirname, '../../examples/worker/node_modules');
const sdk = existsSync(join(modules, 'inngest'));
const FEATURE = 'hybrid_progressive_capture';

interface SentEvent {
  name: string;
  data: Record<string, unknown>;
  id: string;
}

const servers: ReturnType<typeof createServer>[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** Takes events as Inngest's API does. */
async function eventApi(): Promise<{ url: string; events: SentEvent[] }> {
  const events: SentEvent[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.method === 'POST') events.push(...(JSON.parse(body) as SentEvent[]));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ids: ['01'], status: 200 }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, events };
}

async function capture() {
  const db = await testDatabase();
  await applyFeature(db.pool, FEATURE, { percentage: 100 });
  return db;
}

it('the Inngest adapter sends the job with its stamp, and the event has the stamp’s id', async () => {
  const [db, api] = [await capture(), await eventApi()];
  const rollout = await createRollout({ connectionString: db.connectionString, env: {} });
  // As much of Inngest's client as the adapter asks for.
  const client = {
    send: (event: object) => fetch(`${api.url}/e/key`, { method: 'POST', body: JSON.stringify([event]) }),
  };
  const router = createRouter(rollout, { inngest: inngest(client, 'capture/requested') });
  const { stamp } = await router.send(FEATURE, { subject: 'r1', timeRange: 1 });
  expect(api.events).toEqual([
    { name: 'capture/requested', id: stamp?.id, data: { subject: 'r1', timeRange: 1, rollout_stamp: stamp } },
  ]);
  expect(stampOf(api.events[0]?.data)).toEqual(stamp);
  await rollout.close();
});

/** Sends two jobs and serves the functions until it is told to end. */
const PROGRAM = `
  import { createServer } from 'node:http';
  import { Inngest } from 'inngest';
  import { serve } from 'inngest/node';
  import { createRollout } from 'rollout-controller';
  import { captureByInngest } from './inngest.ts';

  const rollout = await createRollout({ connectionString: process.env.DATABASE_URL });
  const client = new Inngest({ id: 'capture' });
  const { router, functions } = captureByInngest(rollout, client);
  const server = createServer(serve({ client, functions }));
  server.listen(0, '127.0.0.1', async () => {
    await router.send('${FEATURE}', { subject: 'r1', timeRange: 1 });
    await router.send('${FEATURE}', { subject: 'r2', timeRange: 1, fails: true });
    console.log((server.address() as { port: number }).port);
  });
  process.once('SIGTERM', () => server.close(() => void rollout.close()));
`;

async function throughTheSdk(): Promise<void> {
  const [db, api] = [await capture(), await eventApi()];
  const project = await consumer(modules);
  await project.copy('examples/worker/inngest.ts');
  const file = await project.write('program.ts', PROGRAM);
  expect(await project.typecheck()).toBe('');
  const { program, args, env } = project.command(file);
  const inngestEnv = { INNGEST_DEV: api.url, INNGEST_EVENT_KEY: 'key', DATABASE_URL: db.connectionString };
  const child = spawn(program, args, { env: { ...env, ...inngestEnv }, stdio: ['ignore', 'pipe', 'ignore'] });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  expect(api.events.map(({ name, data }) => [name, data.subject])).toEqual([
    ['capture/requested', 'r1'],
    ['capture/requested', 'r2'],
  ]);
  // Calls the function as Inngest's server does.
  const statuses: number[] = [];
  for (const event of api.events) {
    const ctx = {
      run_id: '01',
      attempt: 0,
      stack: { stack: [], current: 0 },
      disable_immediate_execution: false,
    };
    const body = JSON.stringify({ ctx, event, events: [event], steps: {}, version: 2, use_api: false });
    const answer = await fetch(`http://127.0.0.1:${port}/api/inngest?fnId=capture-capture&stepId=step`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([200, 500]);
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(
    await db.rows(
      `select subject_id, processor_type, arm, total_jobs::int, error_count::int from rollout_metrics order by 1`,
    ),
  ).toEqual([
    { subject_id: 'r1', processor_type: 'inngest', arm: 'treatment', total_jobs: 1, error_count: 0 },
    { subject_id: 'r2', processor_type: 'inngest', arm: 'treatment', total_jobs: 1, error_count: 1 },
  ]);
}

if (sdk)
  it('Inngest’s official SDK sends the events, and its function records how they ended', throughTheSdk);
else
  console.info(
    "Inngest's SDK is not installed, so the adapter was not tried with it: cd examples/worker && npm install",
  );
