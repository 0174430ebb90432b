import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { applyFeature } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { CLIENT, relayOver, WRITER } from '../helpers/http/relays.ts';
import { consumer } from '../helpers/package/consumer.ts';

const document = readFileSync(join(import.meta.dirname, '../../docs/anywhere.md'), 'utf8');
const block = (head: string) =>
  new RegExp(`^\`\`\`${head}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(document)?.[1] ?? '';

it('the application in docs/anywhere.md compiles, decides, records and ends', async () => {
  const db = await testDatabase();
  await applyFeature(db.pool, 'new_checkout', { percentage: 100, subject: 'customer' });
  const { url } = await relayOver(db.connectionString);
  const project = await consumer();
  await project.write('anywhere.ts', block('ts file=anywhere.ts'));
  await project.write('cached.ts', block('ts file=cached.ts'));
  expect(await project.typecheck()).toBe('');
  const { program, args, env } = project.command(join(project.folder, 'anywhere.ts'));
  const child = spawn(program, args, {
    env: { ...env, ROLLOUT_URL: url, ROLLOUT_TOKEN: CLIENT, ROLLOUT_WRITE_TOKEN: WRITER },
  });
  const [output] = await Promise.all([textOf(child.stdout), once(child, 'exit')]);
  expect(output.trim()).toBe(`{ eligible: true, reason: 'percentage', status: 'ready' }`);
  expect(await db.rows('select total_jobs from rollout_metrics')).toEqual([{ total_jobs: '1' }]);
});

it('a relay accepts the batch in docs/anywhere.md', async () => {
  const db = await testDatabase();
  await applyFeature(db.pool, 'new_checkout', { percentage: 100, subject: 'customer' });
  const relay = await relayOver(db.connectionString);
  const answer = await relay.post('/api/outcomes', block('json'), { authorization: `Bearer ${WRITER}` });
  expect([answer.status, await answer.json()]).toEqual([200, { id: expect.any(String) }]);
});
