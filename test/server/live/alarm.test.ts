import { expect, it } from 'vitest';
import { receiversOf } from '../../../src/compose/environment/receivers.ts';
import { memberOf } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { served, storeAt } from '../../helpers/http/served.ts';
import { webhook } from '../../helpers/http/webhook.ts';
import { temporaryFolder } from '../../helpers/projects/git.ts';
import { fileOf, openProject } from '../../helpers/projects/project.ts';

const one = await openProject(await temporaryFolder(), await testDatabase());
await one.apply(fileOf({ checkout: { percentage: 30 } }));

const age = (hours: number) =>
  one.db.rows(`update rollout_state set heartbeat_at = now() - make_interval(hours => $1)`, [hours]);

it('missing ticks are reported by webhook once, however many servers there are', async () => {
  const chat = await webhook();
  const receivers = receiversOf({ ROLLOUT_WEBHOOK_URL: chat.url });
  await one.controller.store.lease.leaveHeartbeat();
  const servers = await Promise.all([1, 2].map(() => served({ ...one.controller, receivers })));
  await age(2);
  for (const { lines, rollout } of servers) {
    await expect.poll(() => rollout.state().controllerStale).toBe(true);
    await expect.poll(() => servers.flatMap((server) => server.lines).join()).toContain('2 h ago');
    expect(lines.join()).not.toContain(chat.url);
  }
  await expect.poll(() => chat.received.length).toBeGreaterThan(0);
  expect(new Set(chat.keys()).size).toBe(1);
  expect(chat.received[0]?.body).toMatchObject({
    ...{ severity: 'critical', kind: 'controller_stale', feature: null },
    message: expect.stringContaining('nothing is judged, rolled back or advanced'),
  });
});

it('a server that may only read logs missing ticks', async () => {
  const pool = await memberOf(one.db, 'rollout_reader');
  const { connectionString = '' } = pool.options;
  await age(3);
  const reader = await served({ ...one.controller, store: storeAt(connectionString), connectionString });
  await expect.poll(() => reader.lines.join('\n')).toContain('critical: the last tick was');
  expect((await reader.get('/api/features')).status).toBe(200);
  // And it cannot stop anything, whatever token it was given.
  const stopped = await reader.admin('stop', { feature: 'checkout', reason: 'x' });
  expect(stopped.status).toBe(503);
  expect(await stopped.json()).toMatchObject({ error: { code: 'database_refused' } });
});
