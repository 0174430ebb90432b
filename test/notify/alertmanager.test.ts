import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Message } from '../../src/notify/message.ts';
import { webhookNotifier } from '../../src/notify/webhook.ts';
import { patience } from '../helpers/run/pace.ts';

const PROGRAM = ['prometheus-alertmanager', 'alertmanager'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

const opened: Message = {
  key: 'incident:12:opened',
  environment: 'production',
  feature: 'new_checkout',
  severity: 'critical',
  kind: 'rolled_back',
  message: 'new_checkout was rolled back: 40 of 200 jobs failed',
  created_at: new Date(Date.now() - 60_000),
};

describe.skipIf(PROGRAM === undefined)('a real Alertmanager (skipped: none is installed)', () => {
  let folder: string;
  let url: string;
  let child: ReturnType<typeof spawn>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollout-alertmanager-'));
    await writeFile(
      join(folder, 'config.yml'),
      'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n',
    );
    const port = await freePort();
    url = `http://127.0.0.1:${port}/api/v2/alerts`;
    child = spawn(
      PROGRAM ?? '',
      [
        `--config.file=${join(folder, 'config.yml')}`,
        `--storage.path=${folder}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    );
    await vi.waitFor(async () => expect((await fetch(url)).status).toBe(200), patience(45_000));
  });

  afterAll(async () => {
    child.kill();
    await once(child, 'close');
    await rm(folder, { recursive: true });
  });

  const active = async () => {
    const answer = (await (await fetch(`${url}?active=true`)).json()) as {
      labels: Record<string, string>;
      annotations: Record<string, string>;
    }[];
    return answer.map(({ labels, annotations }) => ({ ...labels, summary: annotations.summary }));
  };
  const notifier = () => webhookNotifier(url, { kind: 'alertmanager' });
  const incident = {
    alertname: 'RolloutIncident',
    environment: 'production',
    feature: 'new_checkout',
    incident: '12',
    severity: 'critical',
    summary: opened.message,
  };

  it('Alertmanager has one alert for an incident until it is over, however often it is delivered', async () => {
    await notifier().deliver(opened);
    await notifier().deliver(opened);
    expect(await active()).toEqual([incident]);
    await notifier().deliver({
      ...opened,
      key: 'incident:12:resumed',
      kind: 'resumed',
      severity: 'info',
      created_at: new Date(),
    });
    await expect.poll(active).toEqual([]);
  });

  it('Alertmanager has a separate alert for any other message, also without a feature', async () => {
    await notifier().deliver({ ...opened, key: 'stale:1', kind: 'controller_stale', feature: null });
    expect(await active()).toEqual([
      {
        alertname: 'RolloutControllerStale',
        environment: 'production',
        severity: 'critical',
        summary: opened.message,
      },
    ]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
